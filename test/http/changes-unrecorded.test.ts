import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transact } from '../../src/store/database.ts';
import { holdKey } from '../../src/store/idempotent-answers.ts';
import { expectStatus, sentPlan, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import type { Answer } from '../kit/server.ts';

const quiet = () => undefined;

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
  // The server tells its log what it cannot tell its callers; here that is what the test brings about.
  Object.assign(world.server.context, { log: { info: quiet, warn: quiet, error: quiet } });
});
afterAll(() => world.server.stop());

interface ToFile {
  readonly body: ReturnType<typeof sentPlan>;
  readonly key?: string;
}

const file = ({ body, key }: ToFile): Promise<Answer> =>
  world.server.ask('POST', '/api/v1/changes', {
    token: world.ana.token,
    body,
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
  });

/** What each of several who file at once is answered, all of whose plans are read in one turn of the server. */
function filedAtOnce(requests: readonly ToFile[]): Promise<Answer>[] {
  const { context } = world.server;
  const { readPlan } = context;
  const all = Promise.withResolvers<void>();
  let read = 0;
  Object.assign(context, {
    readPlan: async (sent: Parameters<typeof readPlan>[0]) => {
      const outcome = await readPlan(sent);
      read += 1;
      if (read === requests.length) {
        Object.assign(context, { readPlan });
        all.resolve();
      }
      await all.promise;
      return outcome;
    },
  } satisfies Partial<typeof context>);
  return requests.map(file);
}

const titled = (title: string) => sentPlan({ set: { title } });

describe('requests that are filed at once', () => {
  it('are written together, each with its own text and its own entry', async () => {
    const services = ['a "b\\"', '{c, d}', 'é'];
    const titles = ['First "quoted"', 'Second', 'Third \\ ø'];
    const before = (await world.recorded(0)).length;
    const answers = await Promise.all(
      filedAtOnce(titles.map((title) => ({ body: sentPlan({ set: { title, services } }) }))),
    );
    const opened = answers.map((answer) => expectStatus(answer, 201).body);
    expect(new Set(opened.map(({ openedAt }) => openedAt)).size).toBe(1);
    expect(opened.map(({ title }) => title)).toEqual(titles);
    for (const { id, ...said } of opened) {
      const { body } = await world.server.ask('GET', `/api/v1/changes/${id}`, { token: world.ana.token });
      const { title, planText, digest, openedAt } = said;
      expect(body).toMatchObject({ title, planText, digest, openedAt, services });
    }
    const entries = await world.recorded(before);
    expect(entries.map(({ object }) => object)).toEqual(
      opened.map(({ id }) => `change/${id}`).toSorted((one, other) => one.localeCompare(other)),
    );
    expect(entries.map(({ type }) => type)).toEqual(opened.map(() => 'change.opened'));
  });

  it('fail nobody else where one of them cannot be written', async () => {
    const before = await Promise.all([world.rows('changes'), world.rows('ledger_entries')]);
    await world.asOwner(`
      create function no_luck() returns trigger language plpgsql as $$ begin raise exception 'no luck'; end $$;
      create trigger no_luck before insert on changes for each row when (new.title = 'Unlucky') execute function no_luck();`);
    try {
      const titles = ['Before', 'Unlucky', 'After'];
      const answers = await Promise.all(filedAtOnce(titles.map((title) => ({ body: titled(title) }))));
      expect(answers.map(({ status }) => status)).toEqual([201, 500, 201]);
      expect([answers[0]?.body.title, answers[2]?.body.title]).toEqual(['Before', 'After']);
    } finally {
      await world.asOwner('drop trigger no_luck on changes; drop function no_luck()');
    }
    const after = await Promise.all([world.rows('changes'), world.rows('ledger_entries')]);
    expect(after).toEqual(before.map((count) => count + 2));
  });

  it('are written together with a key too, each intention once', async () => {
    const [old, taken] = [await file({ body: titled('Old'), key: 'old-key-1' }), titled('Taken')];
    const before = await Promise.all([world.rows('changes'), world.rows('ledger_entries')]);
    const answers = await Promise.all(
      filedAtOnce([
        { body: titled('Without') },
        { body: taken, key: 'new-key-1' },
        { body: taken, key: 'new-key-1' },
        { body: titled('Another'), key: 'old-key-1' },
        { body: titled('Old'), key: 'old-key-1' },
        { body: titled('Last'), key: 'new-key-2' },
      ]),
    );
    const [without, first, again, reused, former, last] = answers;
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 409, 201, 201]);
    expect(reused?.body.code).toBe('conflict');
    expect(again?.body).toEqual(first?.body);
    expect(former?.body).toEqual(old.body);
    expect(new Set([without, first, last].map((one) => one?.body.openedAt)).size).toBe(1);
    expect((await file({ body: titled('Last'), key: 'new-key-2' })).body).toEqual(last?.body);
    const after = await Promise.all([world.rows('changes'), world.rows('ledger_entries')]);
    expect(after).toEqual(before.map((count) => count + 3));
  });

  it('wait for no attempt under a key that somebody else is at', async () => {
    const { db } = world.server.context;
    const own = { person: 'ana', key: 'held-key-1' };
    const { waiting, others } = await transact(db, async (tx) => {
      await holdKey(tx, own);
      const [keyed, ...free] = filedAtOnce([
        { body: titled('Waits'), key: own.key },
        { body: titled('Goes on') },
        { body: titled('Goes on too'), key: 'free-key-1' },
      ]);
      const answers = await Promise.all(free);
      expect(await world.rows("changes where title = 'Waits'")).toBe(0);
      return { waiting: { keyed }, others: answers };
    });
    expect(others.map(({ status }) => status)).toEqual([201, 201]);
    expect(expectStatus(await waiting.keyed!, 201).body.title).toBe('Waits');
  });
});

it('is not done where it cannot be recorded', async () => {
  const change = await world.open();
  const tables = [
    'changes',
    'change_revisions',
    'approvals',
    'vetoes',
    'incidents',
    'locks',
    'messages',
    'announcements',
    'outbox',
    'decisions',
    'presences',
    'exceptions',
  ];
  const counts = () => Promise.all(tables.map((table) => world.rows(table)));
  const before = await counts();
  await world.asOwner(`
    create function no_room() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$;
    create trigger no_room before insert on ledger_entries for each row execute function no_room();`);
  try {
    const lock = {
      kind: 'hard',
      environments: ['illumidesk.com'],
      category: 'other',
      reason: 'r',
      timeToLive: '1 h',
    };
    const attempts = [
      world.server.ask('POST', '/api/v1/changes', { token: world.ana.token, body: sentPlan() }),
      change.edit(world.ana, { set: { impact: 'Another.' } }),
      change.approve(world.rhea, 'reviewer'),
      change.say(world.ana, '/exceptions', { rule: 'in-slot', reason: 'r' }),
      change.say(world.ana, '/schedule', { slot: null }),
      change.say(world.ana, '/announce'),
      change.say(world.ana, '/cancel', { reason: 'not needed' }),
      change.say(world.cora, '/discussion', { body: 'hello' }),
      change.say(world.cora, '/presence'),
      world.server.ask('POST', '/api/v1/vetoes', {
        token: world.cora.token,
        body: { change: '*', reason: 'r' },
      }),
      world.server.ask('POST', '/api/v1/incidents', {
        token: world.cora.token,
        body: { title: 't', severity: 'S1' },
      }),
      world.server.ask('POST', '/api/v1/locks/emergency', { token: world.cora.token, body: lock }),
    ];
    for (const answer of await Promise.all(attempts)) expect(answer.status).toBeGreaterThanOrEqual(500);
  } finally {
    await world.asOwner('drop trigger no_room on ledger_entries; drop function no_room()');
  }
  expect(await counts()).toEqual(before);
  expect((await change.show(world.ana)).state).toBe('unscheduled');
});
