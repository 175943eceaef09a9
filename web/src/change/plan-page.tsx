import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { ChangeView } from '../../../src/contract/changes.ts';
import { Button, Group } from '@mantine/core';
import { Waiting } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Page } from '../parts/page.tsx';
import { Sought } from '../parts/sought.tsx';
import { dropDraft, isWritten, keptDrafts, newDraft, type PlanDraft } from '../plan-editor/drafts.ts';
import { apiTagged } from '../server/api.ts';
import { askMe } from '../server/questions.ts';
import { EditPlan } from './edit-plan.tsx';

/** A request as it is read for an edit, with the tag that says which it was. */
export interface Tagged {
  readonly value: ChangeView;
  readonly tag: string;
}

/** The plan of a request that stands open, in the editor. */
export function PlanPage() {
  const { id } = useParams({ from: '/changes/$id/plan' });
  const me = useQuery(askMe).data;
  const change = useQuery({
    queryKey: ['change', id, 'tagged'],
    queryFn: () => apiTagged<ChangeView>(`/changes/${encodeURIComponent(id)}`),
  });
  return (
    <Sought kind="change" id={id} query={change} waiting={<Waiting rows={6} />}>
      {(now) => (me === undefined ? <Waiting rows={6} /> : <Begin key={id} person={me.name} now={now} />)}
    </Sought>
  );
}

/** What was begun before is offered first: nobody's text is laid over another's. */
function Begin({ person, now }: { readonly person: string; readonly now: Tagged }) {
  const { id } = now.value;
  const [begun] = useState(() =>
    keptDrafts(person).filter((one) => one.edits?.change === id && isWritten(one)),
  );
  const [draft, setDraft] = useState(() => (begun.length === 0 ? draftOf(now) : null));
  if (draft !== null) return <EditPlan person={person} first={draft} now={now} />;
  return (
    <Page title={`Plan of ${id}`} lead="You began to edit it in this browser.">
      <ul>
        {begun.map((one) => (
          <li key={one.id}>
            Last written <Instant at={one.savedAt} />, from version {one.edits?.version}; it is version{' '}
            {now.value.version} now.
            <Group gap="xs" my="xs">
              <Button onClick={() => setDraft(one)}>Take it up</Button>
              <Button
                variant="default"
                onClick={() => {
                  dropDraft(person, one.id);
                  setDraft(draftOf(now));
                }}
              >
                Throw it away and begin from the plan as it is
              </Button>
            </Group>
          </li>
        ))}
      </ul>
      <Link to="/changes/$id" params={{ id }}>
        Back to {id}
      </Link>
    </Page>
  );
}

function draftOf({ value: { id, version, planFile, planText, scripts }, tag }: Tagged): PlanDraft {
  return newDraft({
    edits: { change: id, version, tag },
    begunFrom: id,
    file: planFile,
    text: planText,
    scripts,
  });
}
