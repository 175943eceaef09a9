import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { RunView } from '../../../src/contract/runs.ts';
import { Empty, Waiting } from '../parts/empty.tsx';
import { Problem } from '../parts/problem.tsx';
import type { Moment, Player, Screen } from './player.ts';
import { Moments } from './terminal-moments.tsx';
import { TerminalStatus } from './terminal-status.tsx';
import { openFeed, type FeedState } from './terminal-feed.ts';
import { spanOf, type TerminalLog } from './terminal-log.ts';
import classes from './terminal.module.css';

/** Where a reader is: with what comes, or at something that was. */
export type Reader = { readonly at: 'live' } | LookingBack;
interface LookingBack {
  readonly at: 'back';
  readonly from: Moment[0] | 'first' | 'last';
  /** What was held when it was begun; `null`: it is being asked for. */
  readonly log: TerminalLog | null;
  /** One more for each time that something is looked at. */
  readonly looks: number;
}

/** The terminal of a run: as it goes on, and as a recording for whoever looks back or comes afterwards. */
export function Terminal({ run }: { readonly run: RunView }) {
  const [feed] = useState(() => openFeed(run));
  const [live] = useState(run.endedAt === null);
  const [reader, setReader] = useState<Reader>(
    live ? { at: 'live' } : { at: 'back', from: 'first', log: null, looks: 0 },
  );
  const state = useSyncExternalStore(feed.subscribe, feed.state);
  useEffect(() => {
    if (live) feed.follow();
    else feed.lookAt(null);
    return feed.rest;
  }, [feed, live]);
  if (state.phase === 'none') return <Empty title="The bastion has handed in no recording yet." />;
  if (state.log === null) {
    return state.error === null ? <Waiting rows={1} height="14rem" /> : <Problem error={state.error} />;
  }
  const { log } = state;
  const lookBack = (from: LookingBack['from'], wanted: number | null) => {
    const held = wanted === null ? log.whole && state.phase === 'caught-up' : holds(log, wanted);
    if (held || from === 'last') feed.rest();
    else feed.lookAt(wanted);
    setReader((before) => ({
      at: 'back',
      from,
      log: held || from === 'last' ? log : null,
      looks: before.at === 'back' ? before.looks + 1 : 1,
    }));
  };
  const follow = () => {
    feed.follow();
    setReader({ at: 'live' });
  };
  const shown = reader.at === 'back' ? (reader.log ?? readIn(state)) : log;
  const moments = momentsOf(run, log);
  return (
    <div
      onKeyDown={({ key }) => {
        if (reader.at === 'live' && (key === 'ArrowLeft' || key === 'PageUp')) lookBack('last', null);
      }}
    >
      {reader.at === 'live' && <LiveScreen key={`${log.begunAt}`} log={log} />}
      {reader.at === 'back' && shown && (
        <Recorded key={reader.looks} log={shown} from={reader.from} moments={moments} />
      )}
      {shown === null && <Waiting rows={1} height="14rem" />}
      <TerminalStatus
        run={run}
        state={state}
        reader={reader}
        onFollow={follow}
        onBack={() => lookBack(run.endedAt === null ? 'last' : 'first', null)}
      />
      <Moments moments={moments} onGo={([at]) => lookBack(at, log.begunAt + at * 1_000)} />
    </div>
  );
}

/** What was asked for, once it is here. */
function readIn({ phase, log }: FeedState): TerminalLog | null {
  return phase === 'caught-up' || phase === 'full' ? log : null;
}

function holds(log: TerminalLog, at: number): boolean {
  const span = spanOf(log);
  return span !== null && (log.whole || at >= span[0]) && at <= span[1];
}

/** The picture as it is now. */
function LiveScreen({ log }: { readonly log: TerminalLog }) {
  const place = useRef<HTMLDivElement>(null);
  const screen = useRef<Screen | null>(null);
  const latest = useRef(log);
  useEffect(() => {
    latest.current = log;
    screen.current?.show(log);
  });
  useEffect(() => {
    let gone = false;
    void import('./player.ts').then(({ openScreen }) => {
      if (gone || !place.current) return;
      screen.current = openScreen(place.current, latest.current);
    });
    return () => {
      gone = true;
      screen.current?.close();
      screen.current = null;
    };
  }, [place, screen, latest]);
  return <div ref={place} className={classes['screen']} />;
}

interface RecordedProps {
  readonly log: TerminalLog;
  readonly from: LookingBack['from'];
  readonly moments: readonly Moment[];
}

/** A recording with its controls. What it shows stays what it was when it was opened. */
function Recorded(props: RecordedProps) {
  const place = useRef<HTMLDivElement>(null);
  const [{ log, from, moments }] = useState(props);
  useEffect(() => {
    let gone = false;
    let player: Player | null = null;
    void import('./player.ts').then(({ openPlayer }) => {
      if (gone || !place.current) return;
      const within = moments.filter(([at]) => holds(log, log.begunAt + at * 1_000));
      player = openPlayer(place.current, { log, moments: within, from });
    });
    return () => {
      gone = true;
      player?.close();
    };
  }, [place, log, from, moments]);
  return <div ref={place} className={classes['screen']} />;
}

/** When each step began, on the recording's clock. */
function momentsOf(run: RunView, { begunAt }: TerminalLog): readonly Moment[] {
  return run.steps
    .flatMap(({ startedAt, name }): Moment[] =>
      startedAt === null ? [] : [[Math.max(0, (Date.parse(startedAt) - begunAt) / 1_000), name]],
    )
    .toSorted(([a], [b]) => a - b);
}
