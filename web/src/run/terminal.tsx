import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { RunView } from '../../../src/contract/runs.ts';
import { Empty, Waiting } from '../parts/empty.tsx';
import { Problem } from '../parts/problem.tsx';
import { ApiError, apiText } from '../server/api.ts';
import type { Player } from './player.ts';
import classes from './terminal.module.css';

/** The terminal of a run as its bastion has handed it in: its last picture while it runs, the whole recording afterwards. */
export function Terminal({ run }: { readonly run: RunView }) {
  const recording = useQuery({
    queryKey: ['run', run.id, 'recording', run.version],
    queryFn: () => apiText(`/runs/${run.id}/files/recording/terminal.cast`),
    placeholderData: (before: string | undefined) => before,
    refetchInterval: run.endedAt === null ? 10_000 : false,
  });
  if (recording.error instanceof ApiError && recording.error.status === 404) {
    return <Empty title="The bastion has handed in no recording yet." />;
  }
  if (recording.isError) return <Problem error={recording.error} />;
  if (recording.data === undefined) return <Waiting rows={1} height="14rem" />;
  return <Screen run={run} cast={recording.data} />;
}

function Screen({ run, cast }: { readonly run: RunView; readonly cast: string }) {
  const place = useRef<HTMLDivElement>(null);
  const player = useRef<Player | null>(null);
  const live = run.endedAt === null;
  const moments = momentsOf(run, cast);
  const key = JSON.stringify(moments);
  useEffect(() => {
    let gone = false;
    const element = place.current;
    void import('./player.ts').then(({ openPlayer }) => {
      if (gone || !element) return;
      player.current = openPlayer(element, { cast, live, moments: JSON.parse(key) as Moment[] });
    });
    return () => {
      gone = true;
      player.current?.close();
      player.current = null;
    };
  }, [place, player, cast, live, key]);
  return (
    <>
      <div ref={place} className={classes['screen']} />
      {!live && (
        <div className={classes['moments']} role="group" aria-label="Steps in the recording">
          {moments.map(([at, name]) => (
            <button key={`${at} ${name}`} type="button" onClick={() => player.current?.seek(at)}>
              {name}
            </button>
          ))}
        </div>
      )}
    </>
  );
}

/** Seconds from the beginning of the recording, and what began there. */
export type Moment = readonly [number, string];

/** When each step began, on the recording's clock. */
function momentsOf(run: RunView, cast: string): readonly Moment[] {
  const header = JSON.parse(cast.slice(0, cast.indexOf('\n'))) as { readonly timestamp?: number };
  const begun = header.timestamp === undefined ? Date.parse(run.startedAt) : header.timestamp * 1_000;
  return run.steps
    .flatMap(({ startedAt, name }): Moment[] =>
      startedAt === null ? [] : [[Math.max(0, (Date.parse(startedAt) - begun) / 1_000), name]],
    )
    .toSorted(([a], [b]) => a - b);
}
