import { afterAll, beforeAll, expect, it } from 'vitest';
import { askPeersByTheClock, endRests } from '../../src/app/gate/ask-peers.ts';
import { passOnTasks } from '../../src/app/task/pass-on.ts';
import { pagerdutyConnection } from '../../src/integrations/pagerduty/pagerduty.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { expectStatus, startChangeWorld, WITHOUT_SCRIPT, type ChangeWorld } from '../kit/changes.ts';
import { typed } from '../kit/command-line.ts';
import { PAGERDUTY_TOKEN, SCHEDULE, startPagerduty, type PagerdutyServer } from '../kit/pagerduty-server.ts';
import type { TestAccount } from '../kit/server.ts';

const HOUR_MS = 3_600_000;

let world: ChangeWorld;
let pager: PagerdutyServer;
beforeAll(async () => {
  pager = await startPagerduty();
  const token = new Secret(PAGERDUTY_TOKEN);
  const incidents = { priorities: {}, high: 'S1', low: 'S3' } as const;
  const settings = { api: pager.url, token: { env: 'NONE' }, incidents };
  const connection = pagerdutyConnection(settings, { token, hooks: [] });
  world = await startChangeWorld(undefined, {
    connections: { all: [connection], mask: (text) => text },
  });
});
afterAll(async () => {
  await world.server.stop();
  await pager.stop();
});

const post = (who: TestAccount, path: string, body: unknown = {}) =>
  world.server.ask('POST', path, { token: who.token, body });

it('an emergency that lets a start through opens what is to be caught up on, each word by another person', async () => {
  const wish = { title: 'the site is down', severity: 'S1' };
  const incident = expectStatus(await post(world.cora, '/api/v1/incidents', wish), 201).body;
  const change = await world.open({
    ...WITHOUT_SCRIPT,
    set: { ...WITHOUT_SCRIPT.set, resolvesIncident: incident.id },
  });
  for (const [who, as] of [
    [world.cora, 'eoc'],
    [world.ira, 'imoc'],
  ] as const)
    expectStatus(await change.approve(who, as, { for: 'emergency' }), 201);
  // Each word on it is told to those concerned, but to its giver.
  for (const [who, givers] of [
    [world.ana, ['ira', 'cora']],
    [world.ben, ['ira', 'cora']],
    [world.cora, ['ira']],
    [world.ira, ['cora']],
  ] as const) {
    const { notices } = (await world.server.ask('GET', '/api/v1/notices', { token: who.token })).body;
    const told = notices.filter(({ kind }: { kind: string }) => kind === 'waiver-given');
    expect(told.map(({ about, body }: Record<string, string>) => [about, body])).toEqual(
      givers.map((giver) => [
        `change/${change.id}`,
        expect.stringMatching(
          `^${giver} approved the emergency of ${change.id}, as ${giver === 'ira' ? 'IMOC' : 'EOC'}`,
        ),
      ]),
    );
  }
  const started = await world.server.ask('POST', `/api/v1/changes/${change.id}/runs`, {
    token: world.ben.token,
    bastion: world.bastion,
    body: {
      idempotencyKey: 'emergency-start-1',
      multiplexer: 'tmux',
      clock: Date.now(),
      privileges: 'none',
      acknowledges: [],
    },
  });
  expectStatus(started, 200);
  const tasks = expectStatus(
    await world.server.ask('GET', `/api/v1/tasks?change=${change.id}`, { token: world.ana.token }),
    200,
  ).body.tasks;
  const kinds = tasks.map(({ kind }: { kind: string }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(['approval-in-retrospect', 'hand-off', 'emergency-review']));
  const word = tasks.find(({ title }: { title: string }) =>
    title.startsWith('approve in retrospect, as MANAGEMENT or DIRECTOR or VPE: the emergency of'),
  );
  expect(await post(world.ana, `/api/v1/tasks/${word.id}/done`)).toMatchObject({
    status: 409,
    body: { code: 'not_permitted' },
  });
  expect(await post(world.ira, `/api/v1/tasks/${word.id}/done`)).toMatchObject({ status: 409 });
  expectStatus(await post(world.mona, `/api/v1/tasks/${word.id}/done`), 200);
  const [last] = (await world.server.ledger()).slice(-1);
  expect(last).toMatchObject({ type: 'task.done', reason: 'approved in retrospect: emergency' });
});

const titles = (all: { title: string }[]) => all.map(({ title }) => title).toSorted();

it('is previewed as it would be, then declared by both; what it said is what is opened', async () => {
  const wish = { title: 'sign-in is down', severity: 'S2' };
  const incident = expectStatus(await post(world.cora, '/api/v1/incidents', wish), 201).body;
  const change = await world.open({ set: { ...WITHOUT_SCRIPT.set, resolvesIncident: incident.id } });
  const interlock = (who: TestAccount, ...argv: string[]) =>
    typed(['emergency', change.id, ...argv], {
      environment: { INTERLOCK_URL: world.server.url, INTERLOCK_TOKEN: who.token },
    });
  const preview = async () => JSON.parse((await interlock(world.ana, '--json')).stdout);
  const before = await preview();
  expect(before).toMatchObject({ incident: incident.id, active: true, inForce: false, approvedAs: [] });
  const skips = before.skips.map(({ rule }: { rule: string }) => rule);
  expect(skips).toEqual(expect.arrayContaining(['first-iteration-review', 'due-date', 'announced']));
  const written = await world.server.ledger();
  expect(await interlock(world.cora, '--as', 'eoc')).toMatchObject({
    status: 0,
    stdout: `${change.id}: cora declared the emergency as eoc; it waits for IMOC\n`,
    stderr: expect.stringMatching(
      /^emergency of [^]*skips:\n[^]*due-date[^]*leaves to be caught up on:\n/,
    ) as string,
  });
  expect((await world.server.ledger()).length).toBe(written.length + 1);
  expect(await preview()).toMatchObject({ inForce: false, approvedAs: ['eoc'] });
  expect((await interlock(world.ben, '--as', 'imoc')).status).not.toBe(0);
  expect((await interlock(world.ira, '--as', 'imoc')).stdout).toContain('it holds while they are on duty');
  const { inForce, refuses } = await preview();
  // The incident of the test before is another one, which no emergency of this change waives.
  expect({ inForce, refuses }).toMatchObject({ inForce: true, refuses: [{ rule: 'no-active-incident' }] });
  const other = await world.server.ask('GET', '/api/v1/incidents', { token: world.cora.token });
  for (const { id } of other.body.incidents)
    if (id !== incident.id)
      expectStatus(await post(world.cora, `/api/v1/incidents/${id}/resolve`, { reason: 'over' }), 200);
  await world.asOwner(
    `update runs set state = 'failed', hold = null, ended_at = now() where ended_at is null`,
  );
  const { catchUp } = await preview();
  const started = await world.server.ask('POST', `/api/v1/changes/${change.id}/runs`, {
    token: world.ben.token,
    bastion: world.bastion,
    body: {
      idempotencyKey: 'emergency-start-2',
      multiplexer: 'tmux',
      clock: Date.now(),
      privileges: 'none',
      acknowledges: [],
    },
  });
  expectStatus(started, 200);
  const { tasks } = (
    await world.server.ask('GET', `/api/v1/tasks?change=${change.id}`, { token: world.ana.token })
  ).body;
  expect(titles(tasks)).toEqual(titles(catchUp));
});

it('leaves nothing with an owner who is shut out: it goes to the incident manager, who is told', async () => {
  const read = async (rest: string) =>
    expectStatus(await world.server.ask('GET', `/api/v1/${rest}`, { token: world.ira.token }), 200).body;
  const ofMona = titles((await read('tasks?owner=mona')).tasks);
  expect(ofMona).toContainEqual(expect.stringMatching(/^approve in retrospect, as MANAGEMENT/));
  const had = titles((await read('tasks?owner=ira')).tasks);
  expect(await passOnTasks(world.server.context)).toBe(0);
  expectStatus(
    await world.server.ask('PATCH', '/api/v1/people/mona', {
      token: world.server.admin.token,
      body: { disabled: true },
    }),
    200,
  );
  expect(await passOnTasks(world.server.context)).toBe(ofMona.length);
  expect(await passOnTasks(world.server.context)).toBe(0);
  expect((await read('tasks?owner=mona')).tasks).toEqual([]);
  expect(titles((await read('tasks?owner=ira')).tasks)).toEqual([...had, ...ofMona].toSorted());
  const [notice] = (await read('notices?limit=1')).notices;
  expect(notice).toMatchObject({ kind: 'task-passed-on', body: expect.stringContaining('was of mona') });
  expect((await world.server.ledger()).at(-1)).toMatchObject({
    type: 'task.passed-on',
    object: notice.about,
    details: { from: 'mona', to: 'ira' },
  });
  // What is done stays with whoever had it.
  await expect(world.asOwner(`update tasks set owner = 'ira' where done_by = 'mona'`)).rejects.toThrow(
    'keeps what was said',
  );
});

it('is not declared for a change that resolves nothing', async () => {
  const { id } = await world.open();
  const ran = await typed(['emergency', id, '--as', 'eoc'], {
    environment: { INTERLOCK_URL: world.server.url, INTERLOCK_TOKEN: world.cora.token },
  });
  expect(ran.status).toBe(1);
  expect(ran.stderr).toContain('expected a change that resolves an active incident, got one that names none');
});

it('has its words by an override while PagerDuty is silent; what else burns there it does not waive', async () => {
  const [start, end] = [-1, 99].map((hours) => new Date(Date.now() + hours * HOUR_MS).toISOString()) as [
    string,
    string,
  ];
  pager.oncalls = [{ user: { id: 'PXPGF42', summary: 'Cora' }, start, end }];
  const people = [{ account: 'PXPGF42', person: 'cora' }];
  const admin = (method: string, path: string, body: unknown) =>
    world.server.ask(method, `/api/v1/rota${path}`, { token: world.server.admin.token, body });
  const source = { connection: 'pagerduty', schedule: SCHEDULE, people };
  expectStatus(await admin('PUT', '/sources/eoc', source), 200);
  const { token: robot } = await world.server.account('robot', { kind: 'service', scopes: ['ask', 'read'] });
  // Those of the tests before burn no more.
  await world.asOwner(
    `update incidents set resolved_at = now(), resolved_by = 'cora' where resolved_at is null`,
  );
  const wish = { title: 'the site is down', severity: 'S1' };
  const { id } = expectStatus(await post(world.cora, '/api/v1/incidents', wish), 201).body;
  const change = await world.open({ set: { ...WITHOUT_SCRIPT.set, resolvesIncident: id } });
  pager.behave('busy');
  endRests(world.server.context);
  await askPeersByTheClock(world.server.context);
  await world.asOwner(`update peer_answers set asked_at = asked_at - interval '6 min';
    update rota_sources set good_until = good_until - interval '6 min'`);
  expect((await change.approve(world.cora, 'eoc', { for: 'emergency' })).status).toBe(409);
  expectStatus(await admin('POST', '/overrides', { rota: 'eoc', person: 'cora', start, end }), 201);
  expectStatus(await change.approve(world.cora, 'eoc', { for: 'emergency' }), 201);
  expectStatus(await change.approve(world.ira, 'imoc', { for: 'emergency' }), 201);
  const burning = async () => {
    endRests(world.server.context);
    const asked = { token: robot, body: { change: change.id, action: 'start' } };
    const { verdicts } = expectStatus(await world.server.ask('POST', '/api/v1/decisions', asked), 200).body;
    return verdicts.find(({ rule }: { rule: string }) => rule === 'no-active-incident');
  };
  expect(await burning()).toMatchObject({
    verdict: 'unknown',
    because: expect.stringMatching(/pagerduty.*was last heard at .*take its incidents out of integrations/),
  });
  pager.behave('well');
  expect(await burning()).toMatchObject({ verdict: 'excepted' });
});
