import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Answered } from '../parts/answered.tsx';
import { Empty, Waiting } from '../parts/empty.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Page } from '../parts/page.tsx';
import { keepDraft, keptDraft } from '../plan-editor/drafts.ts';
import { askMe } from '../server/questions.ts';
import { begunFrom } from './begun.ts';
import { NewPlan } from './new-plan.tsx';
import type { NewChangeSearch } from './search.ts';
import { Start } from './start.tsx';

/** A change that is begun: from a template, a procedure, a file, an older change, or from nothing. */
export function NewChangePage() {
  const search = useSearch({ from: '/changes/new' });
  const me = useQuery(askMe).data;
  if (me === undefined) return <Waiting rows={6} />;
  if (search.draft !== undefined) return <InHand person={me.name} id={search.draft} />;
  if (Object.keys(search).length > 0) return <Begin person={me.name} search={search} />;
  return <Start person={me.name} />;
}

function Begin({ person, search }: { readonly person: string; readonly search: NewChangeSearch }) {
  const navigate = useNavigate();
  const begun = useQuery({
    queryKey: ['begun', search],
    queryFn: () => begunFrom(search),
    retry: false,
    refetchInterval: false,
    gcTime: 0,
  });
  const draft = begun.data;
  useEffect(() => {
    if (!draft) return;
    keepDraft(person, draft);
    void navigate({ to: '/changes/new', search: { draft: draft.id }, replace: true });
  }, [draft, person, navigate]);
  return (
    <Page title="New change">
      <Answered query={begun} waiting={<Waiting rows={6} />}>
        {() => <Waiting rows={6} />}
      </Answered>
      {begun.isError && <LinkButton to="/changes/new">Begin from something else</LinkButton>}
    </Page>
  );
}

function InHand({ person, id }: { readonly person: string; readonly id: string }) {
  const draft = keptDraft(person, id);
  if (draft !== null) return <NewPlan key={draft.root} person={person} first={draft} />;
  return (
    <Page title="New change">
      <Empty title="This browser keeps no such draft any more.">
        It was filed, thrown away, or begun elsewhere.{' '}
        <LinkButton to="/changes/new" size="xs" variant="default">
          Begin another
        </LinkButton>
      </Empty>
    </Page>
  );
}
