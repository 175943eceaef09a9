import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ChangeView } from '../../../src/contract/changes.ts';
import type { Me } from '../../../src/contract/sessions.ts';
import { Act } from '../parts/act.tsx';
import { send } from '../server/api.ts';
import { askMe } from '../server/questions.ts';
import { PostedWords, type Posts } from './own-words.tsx';

/** The word of whoever looks, in a capacity that they hold now, bound to the plan that is shown. */
export function ApproveAct({
  view,
  blocked,
  as: asked,
}: {
  readonly view: ChangeView;
  readonly blocked: string | null;
  /** The capacity that is asked for where the button stands. */
  readonly as?: string;
}) {
  const me = useQuery(askMe);
  const capacities = me.data ? capacitiesOf(me.data) : [];
  const [chosen, setChosen] = useState<string | null>(null);
  const [about, setAbout] = useState('plan');
  const [posts, setPosts] = useState<Posts | null>(null);
  const as = chosen ?? asked ?? capacities[0] ?? '';
  const written = as === 'eoc' && about === 'start';
  const none =
    me.data && capacities.length === 0
      ? `expected a reviewer, management, or somebody on duty, got \`${me.data.name}\``
      : null;
  return (
    <Act
      label={asked === undefined ? 'Approve' : `Approve as ${capacityText(asked)}`}
      {...(asked !== undefined && ({ size: 'xs', variant: 'light' } as const))}
      object={view.id}
      weight="press"
      reason="over"
      blocked={blocked ?? none}
      says={
        <>
          Your word is bound to the plan as it is shown now: <code>{view.digest.slice(0, 19)}…</code>. An edit
          of a part that you look at voids it.
        </>
      }
      fields={
        <>
          <NativeSelect
            mt="sm"
            label="As"
            data={capacities.map((value) => ({ value, label: capacityText(value) }))}
            value={as}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
          <NativeSelect
            mt="sm"
            label="For"
            data={[
              { value: 'plan', label: 'the plan' },
              { value: 'start', label: 'the start' },
            ]}
            value={about}
            onChange={(event) => setAbout(event.currentTarget.value)}
          />
          {written && <PostedWords change={view.id} posts={posts} onPosts={setPosts} />}
        </>
      }
      act={() =>
        written && posts !== null
          ? send('POST', `/changes/${view.id}/approvals/posted`, posts)
          : send('POST', `/changes/${view.id}/approvals`, { as, for: about, digest: view.digest })
      }
    />
  );
}

/** A rota is called by its letters, as everywhere. */
export function capacityText(capacity: string): string {
  return capacity === 'eoc' || capacity === 'imoc' || capacity === 'cmoc' ? capacity.toUpperCase() : capacity;
}

/** The capacities in which somebody's word may count now. */
export function capacitiesOf({ roles, onDuty }: Me): readonly string[] {
  return [
    ...onDuty.filter((rota) => rota === 'eoc' || rota === 'imoc'),
    ...roles.filter((role) => role !== 'admin'),
  ];
}
