import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import {
  CHANGE_STATES,
  stateAfter,
  TRANSITIONS,
  type ChangeState,
  type Transition,
} from '../../src/kernel/change/state.ts';
import { testDatabase, type TestDatabase } from '../kit/database.ts';

let database: TestDatabase;
let owner: Client;
beforeAll(async () => {
  database = await testDatabase();
  owner = new Client({ connectionString: database.url });
  await owner.connect();
  for (const name of ['ana', 'ben']) await owner.query(PERSON, [name, 'person']);
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

const PERSON = `insert into people (name, kind, issuer, subject, display_name) values ($1, $2, 'local', $1, $1)`;
const DIGEST = `sha256:${'0'.repeat(64)}`;

async function changeIn(state: ChangeState): Promise<string> {
  const { rows } = await owner.query<{ id: string }>(
    `insert into changes (state, revision, author, title, environment, services, criticality, severity, kind, executor, digest)
     values ($1, 1, 'ana', 't', 'e', '{s}', 'C4', 'S4', 'service', 'ben', $2) returning id`,
    [state, DIGEST],
  );
  return rows[0]?.id ?? '';
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => (error as { code: unknown }).code,
  );

describe('the database keeps the table of transitions', () => {
  const transitions = Object.keys(TRANSITIONS) as Transition[];
  const legal = (from: ChangeState, to: ChangeState) =>
    from === to || transitions.some((transition) => stateAfter(from, transition) === to);

  it.each(CHANGE_STATES)('of the kernel, from %s', async (from) => {
    for (const to of CHANGE_STATES) {
      const id = await changeIn(from);
      const code = await codeOf(owner.query('update changes set state = $2 where id = $1', [id, to]));
      expect([from, to, code]).toEqual([from, to, legal(from, to) ? null : 'IL006']);
    }
  });
});

describe('what was said stays said, for the database’s owner too', () => {
  const settled: readonly (readonly [what: string, make: string, settle: string, unsettle: string])[] = [
    [
      'a veto that was lifted',
      `insert into vetoes (by, reason) values ('ana', 'no') returning id`,
      `update vetoes set lifted_by = 'ben', lifted_at = now() where id = $1`,
      `update vetoes set lifted_by = null, lifted_at = null where id = $1`,
    ],
    [
      'an incident that was resolved',
      `insert into incidents (title, severity, source, opened_by) values ('fire', 'S1', 'app', 'ana') returning id`,
      `update incidents set resolved_by = 'ben', resolved_at = now() where id = $1`,
      `update incidents set resolved_at = resolved_at - interval '1 day' where id = $1`,
    ],
    [
      'a lock that was confirmed',
      `with made as (insert into locks (made_by) values ('ana') returning id)
       insert into lock_versions (lock_id, version, kind, environments, category, reason, during, digest, proposed_by)
       select id, 1, 'hard', '{e}', 'other', 'r', tstzrange(now(), now() + interval '1 day'), 'd', 'ana' from made
       returning lock_id as id`,
      `update lock_versions set confirmed_by = 'ben', confirmed_at = now() where lock_id = $1`,
      `update lock_versions set confirmed_by = null, confirmed_at = null where lock_id = $1`,
    ],
  ];
  it.each(settled)('%s', async (_what, make, settle, unsettle) => {
    const { rows } = await owner.query<{ id: string }>(make);
    expect(await codeOf(owner.query(settle, [rows[0]?.id]))).toBeNull();
    expect(await codeOf(owner.query(unsettle, [rows[0]?.id]))).toBe('IL005');
  });

  it.each([
    'changes',
    'change_revisions',
    'approvals',
    'exceptions',
    'vetoes',
    'locks',
    'lock_versions',
    'messages',
    'decisions',
    'announcements',
  ])('nothing is deleted from %s', async (table) => {
    expect(await codeOf(owner.query(`delete from ${table}`))).toBe('IL005');
  });

  it('a request keeps its author', async () => {
    const id = await changeIn('unscheduled');
    expect(await codeOf(owner.query(`update changes set author = 'ben' where id = $1`, [id]))).toBe('IL006');
  });

  it('a service cannot approve, whatever asks the database', async () => {
    const id = await changeIn('unscheduled');
    await owner.query(PERSON, ['bot', 'service']);
    const approval = `insert into approvals (change_id, person, kind, capacity, subject, via, digest)
      values ($1, 'bot', $2, 'reviewer', 'plan', 'app', $3)`;
    expect(await codeOf(owner.query(approval, [id, 'person', DIGEST]))).toBe('23503');
    expect(await codeOf(owner.query(approval, [id, 'service', DIGEST]))).toBe('23514');
  });
});

describe('the application itself', () => {
  const forbidden = [
    `update lock_versions set during = tstzrange(now() - interval '9 days', now())`,
    `update lock_versions set reason = 'another'`,
    `update vetoes set reason = 'another'`,
    `update approvals set digest = '${DIGEST}'`,
    `update decisions set allowed = true`,
    `delete from vetoes`,
    `delete from changes`,
  ];
  it.each(forbidden)('may not: %s', async (statement) => {
    const application = await database.db.pool.connect();
    try {
      expect(await codeOf(application.query(statement))).toBe('42501');
    } finally {
      application.release();
    }
  });
});
