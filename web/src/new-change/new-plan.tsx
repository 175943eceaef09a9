import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { OpenedChange } from '../../../src/contract/changes.ts';
import { Act } from '../parts/act.tsx';
import { ActButton } from '../parts/act-button.tsx';
import { Page } from '../parts/page.tsx';
import { isWritten, randomWord, type PlanDraft } from '../plan-editor/drafts.ts';
import { KeptNotice } from '../plan-editor/kept-notice.tsx';
import { Leaving } from '../plan-editor/leaving.tsx';
import { usePlanDraft } from '../plan-editor/use-plan-draft.ts';
import type { Judged } from '../plan-editor/use-preview.ts';
import { Workbench } from '../plan-editor/workbench.tsx';
import { send } from '../server/api.ts';
import { NoSlot, NotOpened } from './not-opened.tsx';
import classes from '../plan-editor/plan-editor.module.css';

/** A plan that becomes a new change. */
export function NewPlan({ person, first }: { readonly person: string; readonly first: PlanDraft }) {
  const hand = usePlanDraft(person, first);
  const { draft, kept, end } = hand;
  const navigate = useNavigate();
  const queries = useQueryClient();
  const filed = useRef(false);
  useEffect(() => {
    // It went apart from another tab's: a reload is to find this one.
    if (draft.id !== first.id)
      void navigate({ to: '/changes/new', search: { draft: draft.id }, replace: true });
  }, [draft.id, first.id, navigate]);
  const opening = useMutation({
    mutationFn: (asDraft: boolean) => open(draft, asDraft),
    onSuccess: async ({ id }) => {
      filed.current = true;
      end();
      await queries.invalidateQueries();
      await navigate({ to: '/changes/$id', params: { id } });
    },
  });
  const throwAway = () => {
    filed.current = true;
    end();
  };
  const press = (asDraft: boolean) => {
    if (!opening.isPending) opening.mutate(asDraft);
  };
  return (
    <Page title="New change" lead={`Begun from ${draft.begunFrom}. Kept in this browser until it is opened.`}>
      <KeptNotice kept={kept} />
      <Leaving unsent={() => isWritten(draft) && !filed.current} kept={kept} onThrowAway={throwAway} />
      <Workbench hand={hand}>
        {(judged) => (
          <>
            <div className={classes['acts']}>
              <ActButton
                blocked={whyNotOpen(judged)}
                loading={opening.isPending}
                onPress={() => press(false)}
              >
                Open it
              </ActButton>
              <ActButton
                variant="default"
                reason="over"
                blocked={whyNotOpen(judged)}
                onPress={() => press(true)}
              >
                Keep it as a draft at the server
              </ActButton>
              <Act
                label="Throw away"
                always
                object="this draft"
                variant="subtle"
                blocked={null}
                weight="press"
                says="What is written here is gone from this browser. Nothing of it is at the server."
                act={async () => {
                  throwAway();
                  await navigate({ to: '/changes/new' });
                }}
              />
            </div>
            {opening.isError && (
              <NotOpened
                error={opening.error}
                onAnother={() => hand.change({ key: randomWord() })}
                onLeave={throwAway}
              />
            )}
          </>
        )}
      </Workbench>
    </Page>
  );
}

/** Files it under the draft's own key, then pencils its slot in: whatever is pressed again, there is one change. */
async function open({ file, text, scripts, clonedFrom, retryOf, slot, key }: PlanDraft, asDraft: boolean) {
  const sent = {
    file,
    plan: text,
    scripts,
    ...(asDraft && { draft: true }),
    ...(clonedFrom !== null && { clonedFrom }),
    ...(retryOf !== null && { retryOf }),
  };
  const under = (word: string) => ({ headers: { 'idempotency-key': `${key}-${word}` } });
  const change = await send<OpenedChange>('POST', '/changes', sent, under('open'));
  // A draft asks nothing of anybody: it has no slot yet.
  if (slot !== null && !asDraft) {
    const wanted = { slot, tentative: true };
    await send('POST', `/changes/${change.id}/schedule`, wanted, under('slot')).catch((error: unknown) => {
      throw new NoSlot(change.id, error);
    });
  }
  return change;
}

export function whyNotOpen({ preview }: Judged): string | null {
  if (preview === null) return 'The server has not read it yet.';
  const { length } = preview.problems;
  return length === 0 ? null : `It cannot be read yet: ${length} ${length === 1 ? 'mistake' : 'mistakes'}.`;
}
