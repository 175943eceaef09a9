import * as asciinema from 'asciinema-player';
import 'asciinema-player/dist/bundle/asciinema-player.css';
import type { Moment } from './terminal.tsx';

/** A player of a recording. */
export interface Player {
  seek(seconds: number): void;
  close(): void;
}

interface Showing {
  readonly cast: string;
  readonly live: boolean;
  readonly moments: readonly Moment[];
}

/** Shows a recording: of a run that goes on its last picture, of one that has ended the first, with its steps as marks. */
export function openPlayer(element: HTMLElement, { cast, live, moments }: Showing): Player {
  const player = asciinema.create({ data: cast }, element, {
    fit: 'width',
    controls: live ? 'auto' : true,
    idleTimeLimit: 2,
    poster: live ? `npt:${lengthOf(cast) + 1}` : 'npt:0:01',
    markers: moments.map(([at, name]): [number, string] => [at, name]),
    terminalFontFamily: 'var(--font-code)',
  });
  return {
    seek: (seconds) => void player.seek(seconds),
    close: () => player.dispose(),
  };
}

/** How long a recording is, in seconds: the time of its last event in version 2, the sum of all in version 3. */
function lengthOf(cast: string): number {
  const [header, ...events] = cast.trimEnd().split('\n');
  const { version } = JSON.parse(header ?? '{}') as { readonly version?: number };
  const times = events.flatMap((line) => {
    const event = JSON.parse(line) as readonly [number];
    return typeof event[0] === 'number' ? [event[0]] : [];
  });
  return version === 3 ? times.reduce((sum, one) => sum + one, 0) : (times.at(-1) ?? 0);
}
