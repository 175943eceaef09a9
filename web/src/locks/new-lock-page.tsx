import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import type { LockView } from '../../../src/contract/locks.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Answered } from '../parts/answered.tsx';
import { useDraft } from '../parts/draft.ts';
import { Empty } from '../parts/empty.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { Sought } from '../parts/sought.tsx';
import { send } from '../server/api.ts';
import { serverNow } from '../server/clock.ts';
import { askMe } from '../server/questions.ts';
import { Impact } from './impact.tsx';
import { draftOf, lacking, lackingWhen, type LockDraft, NEW_DRAFT, onceWish, wishOf } from './lock-draft.ts';
import { LockFields } from './lock-fields.tsx';
import { askLock, askPreview } from './questions.ts';
import { whyNotLock } from './words.ts';
import classes from './locks.module.css';

/** A lock to propose, another text of one, or one that acts at once; with what it would do beside it. */
export function NewLockPage() {
  const { edits, atOnce } = useSearch({ from: '/locks/new' });
  const old = useQuery({ ...askLock(edits ?? ''), enabled: edits !== undefined });
  if (edits !== undefined)
    return (
      <Sought kind="lock" id={edits} query={old}>
        {(lock) => <Form edits={lock} initial={draftOf(lock)} />}
      </Sought>
    );
  return <Form initial={{ ...NEW_DRAFT, ...(atOnce && { when: 'once', category: 'instability' }) }} />;
}

interface FormProps {
  readonly initial: LockDraft;
  readonly edits?: LockView;
}

function Form({ initial, edits }: FormProps) {
  const about = edits?.id ?? initial.when;
  const [draft, change, forget] = useDraft(`lock:${about}`, initial);
  const me = useQuery(askMe).data;
  const navigate = useNavigate();
  const queries = useQueryClient();
  const making = useMutation({
    mutationFn: () => make(draft, edits),
    onSuccess: async ({ id }) => {
      forget();
      await queries.invalidateQueries();
      await navigate({ to: '/locks/$id', params: { id } });
    },
  });
  const once = draft.when === 'once';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (lacking(draft) === null && !making.isPending) making.mutate();
  };
  return (
    <Page
      title={edits ? `Another text for ${edits.id}` : once ? 'Lock at once' : 'Propose a lock'}
      lead={
        once
          ? 'It acts the moment it is made, for at most a day; somebody else confirms it or it ends by itself.'
          : 'It holds nothing until somebody else confirms it.'
      }
    >
      <div className={classes['form']}>
        <form onSubmit={submit}>
          <LockFields draft={draft} change={change} edits={edits !== undefined} />
          {making.isError && <Problem error={making.error} />}
          <ActButton
            type="submit"
            blocked={whyNotLock(me) ?? lacking(draft)}
            loading={making.isPending}
            {...(once && { color: 'stop' as const })}
          >
            {once ? 'Lock now' : 'Propose it'}
          </ActButton>
        </form>
        <Section title="What it would do">
          <Preview draft={draft} {...(edits && { edits: edits.id })} />
        </Section>
      </div>
    </Page>
  );
}

function make(draft: LockDraft, edits: LockView | undefined): Promise<LockView> {
  if (edits !== undefined) {
    const version = edits.edit?.version ?? edits.version;
    return send('POST', `/locks/${encodeURIComponent(edits.id)}/edits`, { ...wishOf(draft), version });
  }
  if (draft.when !== 'once') return send('POST', '/locks', wishOf(draft));
  return send('POST', '/locks/emergency', { ...wishOf(draft), timeToLive: draft.timeToLive });
}

/** Half a second after the last key: it is asked of the database. */
const REST_MS = 500;

function Preview({ draft, edits }: { readonly draft: LockDraft; readonly edits?: string }) {
  const [rested] = useDebouncedValue(draft, REST_MS);
  const body = () => {
    if (lackingWhen(rested) !== null) return null;
    const wish = rested.when === 'once' ? onceWish(rested, serverNow()) : wishOf(rested);
    return { ...wish, ...(edits !== undefined && { edits }) };
  };
  const preview = useQuery(askPreview(JSON.stringify([rested, edits ?? null]), body));
  const lacks = lackingWhen(rested);
  if (lacks !== null) return <Empty title={lacks}>Then what it would stop stands here.</Empty>;
  return (
    <Answered query={preview}>
      {(impact) => (
        <Impact
          impact={impact}
          kind={rested.kind}
          environments={rested.environments}
          {...(edits !== undefined && { id: edits })}
        />
      )}
    </Answered>
  );
}
