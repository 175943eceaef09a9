/** Lines at the end of a terminal that are drawn anew in place, below whatever scrolls by. */
export interface LiveBlock {
  /** Draws it now; from then on it is drawn each second. */
  readonly draw: () => void;
  /** Takes it away, lets lines be written, and draws it again below them. */
  readonly above: (write: () => void) => void;
  /** Takes it away until that is undone. */
  readonly aside: () => () => void;
  /** Takes it away for good. */
  readonly close: () => void;
}

interface Terminal {
  readonly isTerminal: boolean;
  write(text: string): void;
}

const EVERY_MS = 1_000;

/** A block whose lines are asked for each time; nothing is drawn where there is no terminal. */
export function openLiveBlock(terminal: Terminal, lines: () => readonly string[]): LiveBlock {
  let timer: NodeJS.Timeout | undefined;
  let drawn = 0;
  let away = 0;
  const erase = () => {
    if (drawn > 0) terminal.write(`\r${drawn > 1 ? `\x1b[${drawn - 1}A` : ''}\x1b[J`);
    drawn = 0;
  };
  const draw = () => {
    if (timer === undefined || away > 0) return;
    erase();
    const now = lines();
    // Without a line feed at its end: what follows takes its place.
    if (now.length > 0) terminal.write(now.join('\n'));
    drawn = now.length;
  };
  return {
    draw: () => {
      if (!terminal.isTerminal) return;
      timer ??= setInterval(draw, EVERY_MS).unref();
      draw();
    },
    above: (write) => {
      erase();
      write();
      draw();
    },
    aside: () => {
      erase();
      away += 1;
      return () => {
        away -= 1;
        draw();
      };
    },
    close: () => {
      erase();
      clearInterval(timer);
      timer = undefined;
    },
  };
}
