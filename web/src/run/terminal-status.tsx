import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { RunView } from '../../../src/contract/runs.ts';
import { Badge, type Tone } from '../parts/badge.tsx';
import { spanText, utcExactText } from '../parts/time.ts';
import { useNow } from '../server/clock.ts';
import type { FeedState } from './terminal-feed.ts';
import { spanOf, type TerminalLog } from './terminal-log.ts';
import type { Reader } from './terminal.tsx';
import classes from './terminal.module.css';

/** A bastion hands in what it shows each second: this long without a word is worth one. */
const SILENT_MS = 10_000;

interface TerminalStatusProps {
  readonly run: RunView;
  readonly state: FeedState;
  readonly reader: Reader;
  readonly onFollow: () => void;
  readonly onBack: () => void;
}

/** Whether what is shown is what happens now, and the way from one to the other. */
export function TerminalStatus({ run, state, reader, onFollow, onBack }: TerminalStatusProps) {
  const nowMs = useNow();
  const runs = run.endedAt === null;
  const said =
    reader.at === 'live' ? liveWord(state, runs, nowMs) : backWord(reader.log ?? state.log, runs, nowMs);
  return (
    <div className={classes['bar']}>
      <div role="status" aria-label="What the terminal shows" className={classes['said']}>
        <Badge tone={said.tone}>{said.word}</Badge> {said.text}
      </div>
      {reader.at === 'live' ? (
        <Button variant="default" size="xs" onClick={onBack}>
          {runs ? 'Look back' : 'Play the recording'}
        </Button>
      ) : (
        runs && (
          <Button size="xs" onClick={onFollow}>
            Follow
          </Button>
        )
      )}
    </div>
  );
}

interface Said {
  readonly tone: Tone;
  readonly word: string;
  readonly text: ReactNode;
}

function liveWord({ phase, endAt }: FeedState, runs: boolean, nowMs: number): Said {
  if (phase === 'lost') {
    return { tone: 'unknown', word: 'cut off', text: 'It goes on where it stopped once the server answers.' };
  }
  if (phase === 'behind') return { tone: 'busy', word: 'catching up', text: 'There is more than is shown.' };
  if (!runs) return { tone: 'quiet', word: 'ended', text: 'The last picture of it.' };
  const silentMs = endAt === null ? 0 : nowMs - Date.parse(endAt);
  if (silentMs > SILENT_MS) {
    return { tone: 'warn', word: 'silent', text: `Nothing came from the bastion for ${spanText(silentMs)}.` };
  }
  return {
    tone: 'go',
    word: 'live',
    text: endAt === null ? null : `as of ${utcExactText(Date.parse(endAt))}`,
  };
}

function backWord(log: TerminalLog | null, runs: boolean, nowMs: number): Said {
  const span = log && spanOf(log);
  const tone = runs ? 'warn' : 'quiet';
  const word = runs ? 'looking back' : 'recording';
  if (span === null) return { tone, word, text: 'It is being asked for.' };
  const [from, to] = span;
  const text = `${utcExactText(from)} to ${utcExactText(to)}`;
  return { tone, word, text: runs ? `${text}: it is ${spanText(Math.max(0, nowMs - to))} behind.` : text };
}
