import * as asciinema from 'asciinema-player';
import 'asciinema-player/dist/bundle/asciinema-player.css';
import type { TerminalLog } from './terminal-log.ts';

/** Seconds from the begin of the recording, and what began there. */
export type Moment = readonly [at: number, name: string];

const LOOK: asciinema.Options = {
  fit: 'width',
  idleTimeLimit: 2,
  terminalFontFamily: 'var(--font-code)',
};

/** A terminal as it goes on. */
export interface Screen {
  /** Shows what came since. */
  show(log: TerminalLog): void;
  close(): void;
}

/** Opens a terminal that shows what comes as it comes, and keeps nothing but the picture. */
export function openScreen(element: HTMLElement, first: TerminalLog): Screen {
  let log = first;
  let shown = first.gone;
  let dispatch: Dispatch | null = null;
  const pour = () => {
    // The player is not ready yet: it takes everything when it is.
    if (dispatch === null) return;
    const events = log.events.slice(Math.max(0, shown - log.gone));
    for (const [, code, data] of events) {
      if (code === 'o') dispatch('output', data);
      if (code === 'r') dispatch('resize', sizeOf(data));
    }
    shown = log.gone + log.events.length;
  };
  // A source of one's own is what the player takes a function for; its types know only those it brings.
  const source = (player: { readonly dispatch: Dispatch }) => ({
    play: () => {
      ({ dispatch } = player);
      dispatch('play');
      dispatch('reset', { size: { cols: first.columns, rows: first.rows } });
      dispatch('playing');
      pour();
    },
    getTiming: () => ({ time: undefined, rate: 0 }),
  });
  const { columns: cols, rows } = first;
  const player = asciinema.create(source as unknown as asciinema.Source, element, {
    ...LOOK,
    cols,
    rows,
    autoPlay: true,
    controls: false,
  });
  return {
    show: (next) => {
      log = next;
      pour();
    },
    close: () => player.dispose(),
  };
}

type Dispatch = (event: string, data?: unknown) => void;

function sizeOf(data: string): { readonly cols: number; readonly rows: number } {
  const [cols = 80, rows = 24] = data.split('x').map(Number);
  return { cols, rows };
}

/** A recording that is played. */
export interface Player {
  /** Goes to a moment, by its place among them. */
  seek(moment: number): void;
  close(): void;
}

interface Recorded {
  readonly log: TerminalLog;
  readonly moments: readonly Moment[];
  /** At which of them it begins, by its seconds; `last`: its last picture, `first`: its first. */
  readonly from: number | 'first' | 'last';
}

/** Shows what is held of a recording, with its steps as marks. */
export function openPlayer(element: HTMLElement, { log, moments, from }: Recorded): Player {
  const begin = log.whole ? 0 : (log.events[0]?.[0] ?? 0);
  const events = log.events.map(([at, code, data]) => [at - begin, code, data]);
  const header = { version: 2, width: log.columns, height: log.rows };
  const lengthS = (log.events.at(-1)?.[0] ?? 0) - begin;
  const player = asciinema.create({ data: [header, ...events] }, element, {
    ...LOOK,
    controls: true,
    poster: from === 'last' ? `npt:${lengthS + 1}` : 'npt:0:01',
    markers: moments.map(([at, name]): [number, string] => [Math.max(0, at - begin), name]),
  });
  // Its own clock leaves out what was idle: a step is gone to by its mark, not by its time.
  const seek = (marker: number) => void player.seek({ marker });
  const at = moments.findIndex(([one]) => one === from);
  if (at >= 0) seek(at);
  return { seek, close: () => player.dispose() };
}
