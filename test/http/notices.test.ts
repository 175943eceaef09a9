import { afterAll, beforeAll, expect, it } from 'vitest';
import { tellPeople } from '../../src/app/notice/tell.ts';
import { openTask } from '../../src/app/task/open.ts';
import { remindOfTasks } from '../../src/app/task/remind.ts';
import { transact } from '../../src/store/database.ts';
import { startServer, type TestAccount, type TestServer } from '../kit/server.ts';

let server: TestServer;
let ana: TestAccount;
let rhea: TestAccount;

beforeAll(async () => {
  server = await startServer();
  ana = await server.account('ana');
  rhea = await server.account('rhea');
});
afterAll(() => server.stop());

const get = (account: TestAccount, where: string) => server.ask('GET', where, { token: account.token });
const tell = (key: string, to: readonly string[]) =>
  transact(server.context.db, (tx) =>
    tellPeople(tx, { to, key, kind: 'test', about: 'change/CHG-1', body: `about ${key}` }),
  );
const open = (key: string, dueInMs: number) =>
  transact(server.context.db, (tx) =>
    openTask(tx, {
      key,
      kind: 'emergency-review',
      title: `look at ${key}`,
      owner: 'ana',
      dueAt: new Date(Date.now() + dueInMs),
    }),
  );

it('reaches each person once for one reason, and nobody else', async () => {
  expect(await tell('one', ['ana', 'ana', 'rhea'])).toEqual(['ana', 'rhea']);
  expect(await tell('one', ['ana'])).toEqual([]);
  const { body } = await get(ana, '/api/v1/notices');
  expect(body.notices).toMatchObject([
    { kind: 'test', about: 'change/CHG-1', body: 'about one', readAt: null },
  ]);
  expect((await get(server.admin, '/api/v1/notices')).body.notices).toEqual([]);
});

it('is not told of what was undone', async () => {
  const undone = transact(server.context.db, async (tx) => {
    await tellPeople(tx, { to: ['ana'], key: 'undone', kind: 'test', about: 'change/CHG-1', body: 'never' });
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  expect((await get(ana, '/api/v1/notices')).body.notices).toHaveLength(1);
});

it('is marked as read by its reader alone, and gives pages', async () => {
  for (const key of ['two', 'three', 'four']) await tell(key, ['rhea']);
  const first = (await get(rhea, '/api/v1/notices?limit=3')).body;
  expect(first.notices.map((one: { body: string }) => one.body)).toEqual([
    'about four',
    'about three',
    'about two',
  ]);
  const rest = (await get(rhea, `/api/v1/notices?limit=3&before=${first.next}`)).body;
  expect(rest).toMatchObject({ notices: [{ body: 'about one' }], next: null });
  const upTo = first.notices[0].id;
  await server.ask('POST', '/api/v1/notices/read', { token: ana.token, body: { upTo } });
  expect((await get(rhea, '/api/v1/notices?unread=true')).body.notices).toHaveLength(4);
  const marked = await server.ask('POST', '/api/v1/notices/read', { token: rhea.token, body: { upTo } });
  expect(marked.body).toEqual({ read: 4 });
  expect((await get(rhea, '/api/v1/notices?unread=true')).body.notices).toEqual([]);
});

it('opens a task once, tells its owner, and lets nobody else end it', async () => {
  const id = await open('later', 3_600_000);
  expect(await open('later', 1)).toBeNull();
  expect((await get(ana, '/api/v1/notices?limit=1')).body.notices).toMatchObject([{ kind: 'task-opened' }]);
  expect((await get(rhea, '/api/v1/tasks?owner=ana')).body.tasks).toMatchObject([
    { id, title: 'look at later', overdue: false, doneAt: null },
  ]);
  const end = (account: TestAccount) =>
    server.ask('POST', `/api/v1/tasks/${id}/done`, { token: account.token, body: { note: 'looked at' } });
  expect((await end(rhea)).body).toMatchObject({ code: 'not_permitted' });
  expect((await end(ana)).body).toMatchObject({ doneBy: 'ana', note: 'looked at' });
  expect((await end(ana)).body).toMatchObject({ code: 'conflict' });
  expect((await get(ana, '/api/v1/tasks')).body.tasks).toEqual([]);
  const recorded = (await server.ledger()).filter((entry) => entry['type'] === 'task.done');
  expect(recorded.map((entry) => entry['outcome'])).toEqual(['deny', 'allow', 'deny']);
});

it('reminds the owner of what is due, once a day, and of nothing that is done or not due', async () => {
  const due = await open('due', -1_000);
  await open('not yet', 3_600_000);
  expect(await remindOfTasks(server.context)).toBe(1);
  expect(await remindOfTasks(server.context)).toBe(0);
  const [newest] = (await get(ana, '/api/v1/notices?limit=1')).body.notices;
  expect(newest).toMatchObject({ kind: 'task-due', about: `task/${due}` });
  expect((await get(ana, '/api/v1/tasks')).body.tasks[1]).toMatchObject({ id: due, overdue: true });
});
