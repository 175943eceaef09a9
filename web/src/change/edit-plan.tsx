import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import type { ChangeRecord } from '../../../src/contract/changes.ts';
import { Act } from '../parts/act.tsx';
import { ActButton } from '../parts/act-button.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { isWritten, type PlanDraft } from '../plan-editor/drafts.ts';
import { KeptNotice } from '../plan-editor/kept-notice.tsx';
import { Leaving } from '../plan-editor/leaving.tsx';
import { usePlanDraft } from '../plan-editor/use-plan-draft.ts';
import type { Judged } from '../plan-editor/use-preview.ts';
import { Workbench } from '../plan-editor/workbench.tsx';
import { ApiError, send } from '../server/api.ts';
import { ChangedMeanwhile } from './changed-meanwhile.tsx';
import type { Tagged } from './plan-page.tsx';
import classes from '../plan-editor/plan-editor.module.css';

interface EditPlanProps {
  readonly person: string;
  readonly first: PlanDraft;
  /** The request as it is now. */
  readonly now: Tagged;
}

/** Another text for the plan of a request; what it would void stands beside it before it is saved. */
export function EditPlan({ person, first, now }: EditPlanProps) {
  const hand = usePlanDraft(person, first);
  const { draft, kept, end, change } = hand;
  const { id } = now.value;
  const navigate = useNavigate();
  const queries = useQueryClient();
  const saved = useRef(false);
  const leave = () => {
    saved.current = true;
    end();
  };
  const saving = useMutation({
    mutationFn: () => save(draft),
    onSuccess: async () => {
      leave();
      await queries.invalidateQueries();
      await navigate({ to: '/changes/$id', params: { id }, search: { part: 'approvals' } });
    },
    onError: (error) => {
      // What it is now is shown, and what it voids is judged anew.
      if (isStale(error)) void queries.invalidateQueries({ queryKey: ['change', id, 'tagged'] });
    },
  });
  const stale = draft.edits !== null && stateOf(draft.edits.tag) !== stateOf(now.tag);
  return (
    <Page
      title={`Plan of ${id}`}
      lead={
        <>
          {now.value.title}.{' '}
          <Link to="/changes/$id" params={{ id }}>
            Back to {id}
          </Link>
        </>
      }
    >
      <KeptNotice kept={kept} />
      <Leaving unsent={() => isWritten(draft) && !saved.current} kept={kept} onThrowAway={leave} />
      {stale && (
        <ChangedMeanwhile
          draft={draft}
          now={now}
          onTakeOver={(part) => {
            saving.reset();
            change(part);
          }}
        />
      )}
      <Workbench hand={hand}>
        {(judged) => (
          <>
            <div className={classes['acts']}>
              <ActButton
                blocked={stale ? 'It was changed meanwhile: see above.' : whyNotSave(draft, judged)}
                loading={saving.isPending}
                onPress={() => saving.mutate()}
              >
                {saveWords(judged)}
              </ActButton>
              <Act
                label="Throw away"
                always
                object="this edit"
                variant="subtle"
                blocked={null}
                weight="press"
                says="What you wrote is gone from this browser. The plan stays as it is."
                act={async () => {
                  leave();
                  await navigate({ to: '/changes/$id', params: { id } });
                }}
              />
            </div>
            {saving.isError && !(stale && isStale(saving.error)) && <Problem error={saving.error} />}
          </>
        )}
      </Workbench>
    </Page>
  );
}

/** Refused where the request is not what was read: its plan, or a word that was given since (412). */
function save({ file, text, scripts, edits }: PlanDraft): Promise<ChangeRecord> {
  if (edits === null) throw new Error('expected an edit of a change, got a new one');
  const { change, version, tag } = edits;
  const body = { file, plan: text, scripts, version };
  return send('PUT', `/changes/${encodeURIComponent(change)}`, body, { headers: { 'if-match': tag } });
}

const isStale = (error: unknown) => error instanceof ApiError && error.status === 412;

/** The part of a tag that moves with the request itself, not with what is computed for its view. */
function stateOf(tag: string): string {
  return tag.split('.')[0] ?? '';
}

function whyNotSave(draft: PlanDraft, { preview, isAsking }: Judged): string | null {
  if (!isWritten(draft)) return 'Nothing is changed yet.';
  // Nobody saves without having been shown whose word it takes back.
  if (preview === null || isAsking) return 'The server is being asked what it would void.';
  if (preview.plan === null) return 'It cannot be read yet.';
  return preview.plan.edit?.refused ?? null;
}

function saveWords({ preview }: Judged): string {
  const voided = (preview?.plan?.edit?.words ?? []).filter(({ stands }) => !stands).length;
  if (voided === 0) return 'Save it';
  return `Save it, and void ${voided} ${voided === 1 ? 'word' : 'words'}`;
}
