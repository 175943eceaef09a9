import type { ReactNode } from 'react';
import classes from './badge.module.css';

/** What a word says of production; told by its sign and text too, never by its colour alone. */
export type Tone = 'go' | 'stop' | 'warn' | 'unknown' | 'busy' | 'quiet';

const SIGNS: Readonly<Record<Tone, string>> = {
  go: '●',
  stop: '■',
  warn: '▲',
  unknown: '?',
  busy: '◐',
  quiet: '○',
};

/** A state in one word. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className={classes['badge']} data-tone={tone}>
      <span aria-hidden="true" className={classes['sign']}>
        {SIGNS[tone]}
      </span>
      {children}
    </span>
  );
}
