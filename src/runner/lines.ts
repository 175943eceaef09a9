import { StringDecoder } from 'node:string_decoder';
import { safeLine } from './safe-text.ts';

/** How many lines of one step are shown; the record has more. */
const SHOWN_LINES = 200;
const LINE_CHARACTERS = 500;

/** Turns bytes into whole lines that are safe to show, up to a limit. */
export interface LineReader {
  push(chunk: Buffer): void;
  end(): void;
}

/** A reader that hands on lines as they are complete; past the limit it says so once and is quiet. */
export function lineReader(onLines: (lines: readonly string[]) => void): LineReader {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let shown = 0;
  const show = (lines: readonly string[]) => {
    const take = lines.slice(0, SHOWN_LINES - shown).map((line) => safeLine(line).slice(0, LINE_CHARACTERS));
    shown += lines.length;
    if (take.length === 0) return;
    onLines(shown > SHOWN_LINES ? [...take, '… more in the record'] : take);
  };
  return {
    push(chunk) {
      if (shown > SHOWN_LINES || chunk.length === 0) return;
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = (lines.pop() ?? '').slice(0, 4 * LINE_CHARACTERS);
      if (lines.length > 0) show(lines.map((line) => line.replace(/\r$/, '')));
    },
    end() {
      const last = rest + decoder.end();
      rest = '';
      if (last !== '' && shown <= SHOWN_LINES) show([last]);
    },
  };
}
