import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  expectStatus,
  openAs,
  sentPlan,
  sentScriptPlan,
  startChangeWorld,
  type ChangeWorld,
} from '../kit/changes.ts';
import { planText } from '../plan/sound-plan.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

const post = (body: unknown, key?: string) =>
  world.server.ask('POST', '/api/v1/changes', {
    token: world.ana.token,
    body,
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
  });

describe('a request', () => {
  it('is filed from its plan, whoever the file says wrote it, with its floor and what it lacks', async () => {
    const { body } = expectStatus(await post(sentScriptPlan({ set: { author: 'rhea' } })), 201);
    expect(body).toMatchObject({
      author: 'ana',
      state: 'unscheduled',
      label: 'change::unscheduled',
      criticality: 'C2',
      revision: 1,
      version: 1,
      scripts: { 'set-work-mem.sh': expect.stringContaining('pg-set') },
    });
    const shown = (await world.server.ask('GET', `/api/v1/changes/${body.id}`, { token: world.rhea.token }))
      .body;
    expect(shown.digest).toBe(body.digest);
    expect(shown.verdict).toMatchObject({ action: 'schedule', decision: { allowed: false } });
    const lacking = shown.verdict.decision.verdicts.find(
      ({ rule }: { rule: string }) => rule === 'dry-run-attached',
    );
    expect(lacking.verdict).toBe('deny');
  });

  it('is counted by the server: a script that differs from its digest is found, wildcards are counted', async () => {
    const sent = { ...sentScriptPlan(), scripts: { 'set-work-mem.sh': 'rm -rf /srv/*\n' } };
    const { body } = expectStatus(await post(sent), 201);
    expect(body.findings.map(({ rule }: { rule: string }) => rule)).not.toEqual([]);
  });

  it('keeps the human behind a bot that filed it', async () => {
    const bot = await world.server.account('ana-bot', { kind: 'service', botOf: 'ana' });
    const change = await openAs(world.server, bot, {});
    expect(await change.show(world.rhea)).toMatchObject({ author: 'ana-bot', authorBotOf: 'ana' });
    const own = await change.approve(world.ana, 'reviewer');
    expect(own).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
  });

  it('that retries another names one that was aborted', async () => {
    const change = await world.open();
    const retry = await post({ ...sentPlan(), retryOf: change.id });
    expect(retry).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const missing = await post({ ...sentPlan(), retryOf: 'CHG-999999' });
    expect(missing).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('is cancelled by its people and rejected by who answers for production, once', async () => {
    const change = await world.open();
    expect(await change.say(world.rhea, '/cancel', { reason: 'not needed' })).toMatchObject({
      status: 409,
      body: { code: 'not_permitted' },
    });
    expect(await change.say(world.ana, '/reject', { reason: 'not needed' })).toMatchObject({
      status: 409,
      body: { code: 'not_permitted' },
    });
    expect((await change.say(world.cora, '/reject', { reason: 'not needed' })).body).toMatchObject({
      state: 'rejected',
    });
    expect(await change.say(world.ana, '/cancel', { reason: 'not needed' })).toMatchObject({
      status: 409,
      body: { code: 'not_permitted' },
    });
    expect(await change.edit(world.ana, {})).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
  });
});

describe('the list of requests', () => {
  it('is narrowed by every field, the newest first, page by page', async () => {
    const service = `shop-${Date.now()}`;
    const ids: string[] = [];
    for (const title of ['Turn the red knob', 'Turn the blue knob', 'Press the red button'])
      ids.push((await world.open({ set: { title, services: [service] } })).id);
    const list = async (query: string) => {
      const path = `/api/v1/changes?service=${service}&${query}`;
      const { body } = expectStatus(await world.server.ask('GET', path, { token: world.ana.token }), 200);
      return { ids: body.changes.map(({ id }: { id: string }) => id) as string[], next: body.next };
    };
    expect(await list('')).toEqual({ ids: ids.toReversed(), next: null });
    expect((await list('text=red')).ids).toEqual([ids[2], ids[0]]);
    expect((await list('text=red%20knob')).ids).toEqual([ids[0]]);
    expect((await list(`text=${service}`)).ids).toHaveLength(3);
    expect((await list('text=red%20db-01')).ids).toEqual([ids[2], ids[0]]);
    expect((await list('author=ben')).ids).toEqual([]);
    for (const no of ['severity=S1', 'kind=maintenance', 'executor=nobody'])
      expect((await list(no)).ids).toEqual([]);
    expect((await list('state=unscheduled&criticality=C2&environment=illumidesk.com')).ids).toHaveLength(3);
    const first = await list('limit=2');
    expect(first).toEqual({ ids: [ids[2], ids[1]], next: ids[1] });
    expect(await list(`limit=2&before=${first.next}`)).toEqual({ ids: [ids[0]], next: null });
  });

  it('finds those whose slot has a part in a span', async () => {
    const change = await world.open();
    const slot = { start: '2031-05-01T22:00:00Z', end: '2031-05-01T23:00:00Z' };
    await change.say(world.ana, '/schedule', { slot, tentative: true });
    const within = async (from: string, to: string) => {
      const path = `/api/v1/changes?slotFrom=${from}&slotTo=${to}`;
      const { body } = expectStatus(await world.server.ask('GET', path, { token: world.ana.token }), 200);
      return body.changes.map(({ id }: { id: string }) => id);
    };
    expect(await within('2031-05-01T22:59:59.999Z', '2031-05-02T00:00:00Z')).toEqual([change.id]);
    expect(await within('2031-05-01T23:00:00Z', '2031-05-02T00:00:00Z')).toEqual([]);
    expect(await within('2031-05-01T21:00:00Z', '2031-05-01T22:00:00Z')).toEqual([]);
  });

  it.each([
    'slotFrom=2031-05-01T22:00:00Z',
    'slotFrom=2031-05-01T22:00:00Z&slotTo=2031-05-01T22:00:00Z',
    'order=title',
    'limit=0',
    'limit=1000',
    'state=open',
    "before=CHG-1';drop table changes;--",
    'text=%00',
  ])('does not take %s', async (query) => {
    const answer = await world.server.ask('GET', `/api/v1/changes?${query}`, { token: world.ana.token });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid' } });
  });
});

describe('what a client must not say', () => {
  let before: number;
  beforeEach(async () => {
    before = await world.rows('changes');
  });

  const wrong: readonly (readonly [what: string, body: () => unknown])[] = [
    ['a state', () => ({ ...sentPlan(), status: 'scheduled', state: 'scheduled' })],
    ['a criticality beside the plan', () => ({ ...sentPlan(), criticality: 'C4' })],
    ['approvals', () => ({ ...sentPlan(), approvals: [{ person: 'rhea', as: 'reviewer' }] })],
    ['an emergency', () => ({ ...sentPlan(), emergency: true })],
    ['an author', () => ({ ...sentPlan(), author: 'rhea' })],
    ['an array for the plan', () => ({ ...sentPlan(), plan: [planText()] })],
    ['an array for the file', () => ({ ...sentPlan(), file: ['plan.yaml'] })],
    ['a list of scripts', () => ({ ...sentPlan(), scripts: ['rm'] })],
    ['nothing', () => ({})],
    ['a NUL in a script', () => ({ ...sentPlan(), scripts: { 'a.sh': 'echo \0' } })],
    ['half a surrogate pair', () => ({ ...sentPlan(), plan: `${sentPlan().plan}# \ud800` })],
    ['a NUL that YAML writes', () => sentPlan({ set: { title: 'a\0b' } })],
    ['an approval inside the plan', () => ({ ...sentPlan(), plan: `${sentPlan().plan}approvals: [rhea]\n` })],
    ['a key that is there twice', () => ({ ...sentPlan(), plan: `${sentPlan().plan}criticality: C4\n` })],
    ['a plan without an end', () => ({ ...sentPlan(), plan: '['.repeat(100_000) })],
    [
      'a plan nested beyond reading',
      () => ({ ...sentPlan(), plan: `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}` }),
    ],
    [
      'a prototype',
      () => JSON.parse('{"file":"p","plan":"x","scripts":{},"constructor":{"prototype":{"a":1}}}'),
    ],
  ];
  it.each(wrong)('%s', async (_what, body) => {
    const answer = await post(body());
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid' } });
    expect(answer.body.message).not.toMatch(/at .*\.ts/);
    expect(await world.rows('changes')).toBe(before);
  });

  it('a number beyond all numbers, `__proto__`, and a file of a megabyte', async () => {
    const raw = (text: string) =>
      fetch(`${world.server.url}/api/v1/changes`, {
        method: 'POST',
        headers: { authorization: `Bearer ${world.ana.token}`, 'content-type': 'application/json' },
        body: text,
      });
    const sent = JSON.stringify(sentPlan());
    expect((await raw(sent.replace('{', '{"__proto__":{"state":"scheduled"},'))).status).toBe(400);
    expect((await raw(sent.replace('{', '{"version":1e400,'))).status).toBe(400);
    expect((await raw(JSON.stringify({ ...sentPlan(), plan: 'x'.repeat(1_100_000) }))).status).toBe(413);
    expect(await world.rows('changes')).toBe(before);
  });

  it('says where in the plan a mistake is', async () => {
    const answer = await post(sentPlan({ set: { 'estimate.steps': '20 parsec' } }));
    expect(answer.body.problems).toEqual([
      expect.stringMatching(/^plan\.yaml:\d+:\d+: expected a duration with its unit .*got `20 parsec`$/),
    ]);
  });
});

const key = () => `key-${Math.random().toString(36).slice(2)}-0000`;

describe('one intention, sent more than once', () => {
  it('at once files one request', async () => {
    const [body, once] = [sentPlan(), key()];
    const before = await world.rows('changes');
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(body, once)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 201));
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(await world.rows('changes')).toBe(before + 1);
    const opened = (await world.recorded(0)).filter(
      ({ type, object }) => type === 'change.opened' && object === `change/${answers[0]?.body.id}`,
    );
    expect(opened).toHaveLength(1);
  });

  it('is refused with another plan, and is another person’s own', async () => {
    const once = key();
    const first = expectStatus(await post(sentPlan(), once), 201);
    const other = await post(sentPlan({ set: { title: 'Another' } }), once);
    expect(other).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const bens = await world.server.ask('POST', '/api/v1/changes', {
      token: world.ben.token,
      body: sentPlan(),
      headers: { 'idempotency-key': once },
    });
    expect(bens.status).toBe(201);
    expect(bens.body.id).not.toBe(first.body.id);
  });
});
