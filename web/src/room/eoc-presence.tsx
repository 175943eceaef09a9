import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { PresenceView } from '../../../src/contract/acts.ts';
import { Problem } from '../parts/problem.tsx';
import { spanText } from '../parts/time.ts';
import { send } from '../server/api.ts';
import { useNow } from '../server/clock.ts';
import { askMe, askPresence } from '../server/questions.ts';
import classes from './room-page.module.css';

interface EocPresenceProps {
  readonly change: string;
  readonly running: boolean;
}

/** Whether the engineer on call is here. One press says so; without a sign they are asked, and then the run is held. */
export function EocPresence({ change, running }: EocPresenceProps) {
  const queries = useQueryClient();
  const nowMs = useNow(5);
  const me = useQuery(askMe);
  const presence = useQuery(askPresence(change));
  const here = useMutation({
    mutationFn: () => send('POST', `/changes/${change}/presence`),
    onSuccess: () => queries.invalidateQueries({ queryKey: askPresence(change).queryKey }),
  });
  if (!presence.data) return null;
  const { eoc } = presence.data;
  const mine = me.data?.name === eoc;
  return (
    <section
      aria-label="The engineer on call"
      className={classes['eoc']}
      data-word={toneOf(presence.data, nowMs)}
    >
      <div>
        <div className={classes['name']}>
          {eoc === null ? 'Nobody is on call' : `${eoc} is the engineer on call`}
        </div>
        <Sign presence={presence.data} running={running} />
      </div>
      <Button
        size="xl"
        variant={mine ? 'filled' : 'default'}
        loading={here.isPending}
        onClick={() => here.mutate()}
      >
        I am here
      </Button>
      {here.isError && <Problem error={here.error} />}
    </section>
  );
}

function Sign({ presence, running }: { readonly presence: PresenceView; readonly running: boolean }) {
  const nowMs = useNow();
  const { eocAskedAfterMs, eocSeenWithinMs } = presence;
  const seen = signOf(presence);
  if (seen === null) return <p>There was no sign of them here yet.</p>;
  const age = Math.max(0, nowMs - seen);
  const left = eocSeenWithinMs - age;
  return (
    <p>
      Seen {spanText(age)} ago. {age < eocAskedAfterMs && `Asked in ${spanText(eocAskedAfterMs - age)}.`}
      {age >= eocAskedAfterMs &&
        left > 0 &&
        `Asked for a sign${running ? `; held in ${spanText(left)}` : ''}.`}
      {left <= 0 && 'The sign is too old to count.'}
    </p>
  );
}

/** When the engineer on call was seen here, epoch milliseconds. */
function signOf({ eoc, present }: PresenceView): number | null {
  const mine = present.find(({ person }) => person === eoc);
  return mine ? Date.parse(mine.seenAt) : null;
}

function toneOf(presence: PresenceView, nowMs: number): 'go' | 'warn' | 'stop' {
  const seen = signOf(presence);
  if (seen === null) return 'warn';
  const age = nowMs - seen;
  if (age > presence.eocSeenWithinMs) return 'stop';
  return age > presence.eocAskedAfterMs ? 'warn' : 'go';
}
