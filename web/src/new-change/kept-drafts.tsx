import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { Instant } from '../parts/instant.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Section } from '../parts/page.tsx';
import { dropDraft, keptDrafts, type PlanDraft } from '../plan-editor/drafts.ts';
import rows from '../parts/rows.module.css';

/** What this person began to write in this browser and has not filed. */
export function KeptDrafts({ person }: { readonly person: string }) {
  const [drafts, setDrafts] = useState(() => keptDrafts(person));
  if (drafts.length === 0) return null;
  const throwAway = (id: string) => {
    dropDraft(person, id);
    setDrafts(keptDrafts(person));
  };
  return (
    <Section title="Begun and not opened yet">
      <ul className={rows['rows']}>
        {drafts.map((draft) => (
          <li key={draft.id}>
            <div className={rows['line']}>
              <span className={rows['title']}>{nameOf(draft)}</span>
              <Group gap="xs">
                <TakeUp draft={draft} />
                <Button size="xs" variant="subtle" onClick={() => throwAway(draft.id)}>
                  Throw away
                </Button>
              </Group>
            </div>
            <div className={rows['more']}>
              Begun from {draft.begunFrom}, last written <Instant at={draft.savedAt} />, kept in this browser
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function TakeUp({ draft: { id, edits } }: { readonly draft: PlanDraft }) {
  if (edits !== null) {
    return (
      <LinkButton size="xs" variant="default" to="/changes/$id/plan" params={{ id: edits.change }}>
        Take up
      </LinkButton>
    );
  }
  return (
    <LinkButton size="xs" variant="default" to="/changes/new" search={{ draft: id }}>
      Take up
    </LinkButton>
  );
}

/** By its title, as far as one is written. */
export function nameOf({ text, edits }: PlanDraft): string {
  const title = /^title:\s*['"]?(.+?)['"]?\s*$/m.exec(text)?.[1] ?? 'Without a title yet';
  return edits === null ? title : `Edit of ${edits.change}: ${title}`;
}
