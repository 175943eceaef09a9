import { sql } from 'kysely';
import { changeColumns, type ChangeRow, type NewRevision, type Outline } from './changes.ts';
import type { Transaction } from './database.ts';
import { arrayText, textArray } from './text-array.ts';

export interface NewChange extends Outline {
  readonly author: string;
  readonly authorBotOf: string | null;
  readonly retryOf: string | null;
  readonly clonedFrom: string | null;
  readonly state: 'draft' | 'unscheduled';
}

/** A request that is filed, with the text it is filed with. */
export interface NewRequest {
  readonly change: NewChange;
  readonly first: Omit<NewRevision, 'revision' | 'by' | 'plan'>;
  /** JSON of the plan. */
  readonly planJson: string;
  /** Who wrote it. */
  readonly by: string;
}

/**
 * Inserts requests with their first revisions, numbered in their order, and gives their rows in it. One statement for all of it: by
 * itself each insert looks up checks, indexes and generated columns anew.
 */
export async function insertChanges(tx: Transaction, requests: readonly NewRequest[]): Promise<ChangeRow[]> {
  const { rows } = await sql<ChangeRow>`
    /* prepared: changes_insert */ with made as (
      insert into changes (revision, state, author, author_bot_of, retry_of, cloned_from, title, environment, services, criticality,
        severity, kind, executor, digest, words)
      select 1, state, author, author_bot_of, retry_of, cloned_from, title, environment, services::text[], criticality,
        severity, kind, executor, digest, words
      from ${given(requests.map(({ change }) => change))}
      order by place
      returning *
    ), numbered as (
      select id, row_number() over (order by number) as place from made
    ), revised as (
      insert into change_revisions (change_id, revision, plan_file, plan_text, scripts, plan, digest, parts, summary, findings, by)
      select id, 1, plan_file, plan_text, scripts::jsonb, plan::jsonb, digest, parts::jsonb, summary::jsonb, findings::jsonb, by
      from ${givenTexts(requests)} join numbered using (place)
    )
    select ${changeColumns} from made order by number`.execute(tx);
  for (const [place, { change }] of requests.entries()) {
    const row = rows[place];
    // INVARIANT: what is filed together is numbered in its order, so each row is that of the request in its place.
    if (row?.digest !== change.digest || row.author !== change.author)
      throw new Error('expected new changes in their order, got others');
  }
  return rows;
}

function given(changes: readonly NewChange[]) {
  const texts = (of: (change: NewChange) => string) => textArray(changes.map(of));
  return sql`
    unnest(${texts(({ state }) => state)}::text[], ${texts(({ author }) => author)}::text[],
      ${changes.map(({ authorBotOf }) => authorBotOf)}::text[], ${changes.map(({ retryOf }) => retryOf)}::text[],
      ${changes.map(({ clonedFrom }) => clonedFrom)}::text[], ${texts(({ title }) => title)}::text[],
      ${texts(({ environment }) => environment)}::text[], ${texts(({ services }) => arrayText(services))}::text[],
      ${texts(({ criticality }) => criticality)}::text[], ${texts(({ severity }) => severity)}::text[],
      ${texts(({ kind }) => kind)}::text[], ${texts(({ executor }) => executor)}::text[],
      ${texts(({ digest }) => digest)}::text[], ${texts(({ words }) => words)}::text[])
    with ordinality as given (state, author, author_bot_of, retry_of, cloned_from, title, environment, services, criticality,
      severity, kind, executor, digest, words, place)`;
}

function givenTexts(requests: readonly NewRequest[]) {
  const texts = (of: (request: NewRequest) => string) => textArray(requests.map(of));
  return sql`
    unnest(${texts(({ first }) => first.plan_file)}::text[], ${texts(({ first }) => first.plan_text)}::text[],
      ${texts(({ first }) => JSON.stringify(first.scripts))}::text[], ${texts(({ planJson }) => planJson)}::text[],
      ${texts(({ first }) => first.digest)}::text[], ${texts(({ first }) => JSON.stringify(first.parts))}::text[],
      ${texts(({ first }) => JSON.stringify(first.summary))}::text[], ${texts(({ first }) => JSON.stringify(first.findings))}::text[],
      ${texts(({ by }) => by)}::text[])
    with ordinality as revision (plan_file, plan_text, scripts, plan, digest, parts, summary, findings, by, place)`;
}
