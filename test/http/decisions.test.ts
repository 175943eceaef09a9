import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/app/digest.ts';
import { putPolicyInForce } from '../../src/app/policy-in-force.ts';
import { policyInForce } from '../../src/app/read-policy.ts';
import { decisionDocument } from '../../src/contract/decision.ts';
import { parseFacts } from '../../src/contract/facts.ts';
import { canonicalJson } from '../../src/kernel/ledger/canonical.ts';
import { decide } from '../../src/kernel/policy/decide.ts';
import { confirmLock } from '../kit/changes.ts';
import { startServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
let robot: string;
beforeAll(async () => {
  server = await startServer();
  robot = (await server.account('robot', { kind: 'service', scopes: ['ask', 'read'] })).token;
});
afterAll(() => server.stop());

const question = {
  environment: 'illumidesk.com',
  criticality: 'C4',
  severity: 'S4',
  estimateMinutes: 5,
  rollbackMinutes: 5,
};
const ask = (body: unknown) => server.ask('POST', '/api/v1/decisions', { token: robot, body });

describe('the gate', () => {
  it('answers no with its reasons, and the answer stands in the ledger with its facts', async () => {
    const { status, body, headers } = await ask(question);
    expect(status).toBe(200);
    expect(body.allowed).toBe(false);
    // No monitoring is configured here, and unknown never passes.
    expect(body.verdicts).toContainEqual(
      expect.objectContaining({ rule: 'metrics-available', verdict: 'unknown', because: expect.any(String) }),
    );
    const index = headers.get('interlock-ledger-index');
    expect(body.ledgerIndex).toBe(index);
    expect((await server.ledger())[Number(index)]).toMatchObject({
      type: 'decision',
      action: 'ask',
      outcome: 'deny',
      actor: { subject: 'robot' },
      object: 'environment/illumidesk.com',
      digests: { facts: body.facts },
      policy: body.policy,
    });
  });

  it('knows no environment that the policy does not list', async () => {
    const unknown = await ask({ ...question, environment: 'nowhere.example' });
    expect(unknown.body).toMatchObject({ allowed: false });
    expect(unknown.body.verdicts.map(({ rule }: { rule: string }) => rule)).toContain('environment-known');
  });

  it.each([
    ['its own approvals', { ...question, approvals: [{ person: 'vera', as: 'vpe', for: 'emergency' }] }],
    ['an incident that it resolves', { ...question, resolvesIncident: 'INC-1' }],
    ['who it is', { ...question, author: 'ana' }],
    ['no criticality', { environment: 'illumidesk.com', severity: 'S4' }],
    ['a list where a word belongs', { ...question, criticality: ['C4'] }],
    ['a change and a kind of change', { ...question, change: 'CHG-1', action: 'start' }],
    ['an action that is none', { change: 'CHG-1', action: 'destroy' }],
  ])('refuses a question with %s', async (_name, body) => {
    const before = (await server.ledger()).length;
    expect(await ask(body)).toMatchObject({ status: 400, body: { code: 'invalid' } });
    expect(await server.ledger()).toHaveLength(before);
  });

  it('knows no change that there is none of', async () => {
    expect((await ask({ change: 'CHG-999', action: 'start' })).body.code).toBe('not_found');
  });

  it('is asked by many at once, each recorded once', async () => {
    const before = (await server.ledger()).length;
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(question)));
    const indexes = answers.map(({ body }) => Number(body.ledgerIndex)).toSorted((a, b) => a - b);
    expect(indexes).toEqual(Array.from({ length: 20 }, (_, index) => before + index));
  });

  it('answers each of many by itself: who asked, about what, and again to the same bytes', async () => {
    const others = await Promise.all(
      ['one', 'two', 'three'].map((name) => server.account(name, { kind: 'service', scopes: ['ask'] })),
    );
    const environments = [...server.context.policy.policy.environments.keys()];
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, index) => {
        const who = others[index % 3];
        const body = {
          ...question,
          environment: environments[index % environments.length],
          estimateMinutes: index,
        };
        return server.ask('POST', '/api/v1/decisions', { token: who?.token ?? '', body });
      }),
    );
    for (const [index, { body }] of answers.entries()) {
      const row = await server.context.db
        .selectFrom('decisions')
        .selectAll()
        .where('ledger_index', '=', BigInt(body.ledgerIndex))
        .executeTakeFirstOrThrow();
      const who = others[index % 3]?.name;
      expect(row.actor).toBe(who);
      expect(JSON.parse(row.facts)).toMatchObject({
        actor: who,
        people: { [who ?? '']: [] },
        change: { environment: environments[index % environments.length], estimateMinutes: index },
      });
      const parsed = parseFacts(JSON.parse(row.facts));
      if (!parsed.ok) throw new Error('expected facts that can be read');
      const { policy, digest } = server.context.policy;
      const facts = digestOf(server.context, JSON.parse(row.facts));
      expect(canonicalJson(decisionDocument(decide(policy, parsed.facts), digest, facts))).toBe(row.answer);
      const { ledgerIndex: _index, ...given } = body;
      expect(canonicalJson(given)).toBe(row.answer);
    }
  });

  it('refuses the one that could not be recorded, and answers those who asked with it', async () => {
    const before = (await server.ledger()).length;
    // A NUL is good JSON, and no entry of the ledger holds one.
    const bodies = Array.from({ length: 12 }, (_, index) =>
      index === 5 ? { ...question, environment: 'no\0where' } : question,
    );
    const answers = await Promise.all(bodies.map((body) => ask(body)));
    expect(answers.map(({ status }) => status)).toEqual(bodies.map((_, index) => (index === 5 ? 400 : 200)));
    expect(answers[5]?.body.code).toBe('invalid');
    expect(await server.ledger()).toHaveLength(before + 11);
  });

  it('counts its answers, and the rules that refused', async () => {
    const { body } = await server.ask('GET', '/metrics');
    expect(body).toMatch(/^interlock_decisions_total\{action="ask",allowed="false"\} [1-9]/m);
    expect(body).toMatch(/^interlock_denials_total\{rule="metrics-available",verdict="unknown"\} [1-9]/m);
  });

  it('gives no answer while the ledger is frozen', async () => {
    server.context.ledger.frozen = 'an entry was altered';
    const { status, body } = await ask(question);
    const now = await server.ask('GET', '/api/v1/now', { token: robot });
    const ready = await server.ask('GET', '/readyz');
    server.context.ledger.frozen = null;
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'ledger_frozen' });
    expect(now.body.frozen).toBe('an entry was altered');
    expect(ready).toMatchObject({ status: 503, body: { ledger: 'unavailable' } });
  });
});

describe('/api/v1/now', () => {
  it('says of each environment and criticality whether it may change, and why not; and records nothing', async () => {
    const before = (await server.ledger()).length;
    const { body } = await server.ask('GET', '/api/v1/now', { token: robot });
    expect(body.environments.map(({ name }: { name: string }) => name)).toEqual([
      ...server.context.policy.policy.environments.keys(),
    ]);
    const production = body.environments[0];
    expect(production.answers.map(({ criticality }: { criticality: string }) => criticality)).toEqual([
      'C1',
      'C2',
      'C3',
      'C4',
    ]);
    expect(production.deployments.map(({ stage }: { stage: string }) => stage)).toEqual([
      'canary',
      'production',
    ]);
    expect(production.deployments.every(({ allowed }: { allowed: boolean }) => !allowed)).toBe(true);
    expect(production.answers.every(({ allowed }: { allowed: boolean }) => !allowed)).toBe(true);
    expect(await server.ledger()).toHaveLength(before);
  });
});

const answer = (query: Record<string, string>) =>
  server.ask(
    'GET',
    `/api/v1/policy/answer?${new URLSearchParams({ environment: 'illumidesk.com', criticality: 'C1', ...query }).toString()}`,
    { token: robot },
  );
const said = (body: { verdicts: { rule: string }[] }, rule: string) =>
  body.verdicts.find((verdict) => verdict.rule === rule);
/** Days ahead, at an hour. */
const ahead = (days: number, hour: string) =>
  `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)}T${hour}Z`;

const policies = (where: string) => server.ask('GET', `/api/v1/policies${where}`, { token: robot });

describe('/api/v1/policy/answer', () => {
  it('knows hours, locks and duty of an instant ahead, and does not guess what will be so then', async () => {
    const day = await answer({ at: ahead(2, '12:00:00') });
    expect(day.body).toMatchObject({ allowed: false, timeAllows: false, onDuty: {} });
    expect(Date.parse(day.body.nextOpening)).toBeGreaterThanOrEqual(Date.parse(ahead(2, '22:00:00')));
    expect(said(day.body, 'allowed-hours')).toMatchObject({ verdict: 'deny', known: true });
    const mona = await server.account('mona', { roles: ['management'] });
    const vera = await server.account('vera', { roles: ['vpe'] });
    const lock = await server.ask('POST', '/api/v1/locks', {
      token: mona.token,
      body: {
        kind: 'hard',
        environments: ['illumidesk.com'],
        category: 'instability',
        reason: 'The disks are old.',
        start: ahead(4, '20:00:00'),
        end: ahead(5, '08:00:00'),
      },
    });
    await confirmLock(server, vera, lock.body.id);
    const recorded = (await server.ledger()).length;
    const night = await answer({ at: ahead(4, '23:00:00'), criticality: 'C4' });
    const free = await answer({ at: ahead(6, '23:00:00'), criticality: 'C4' });
    expect(said(night.body, 'hard-lock')).toMatchObject({ verdict: 'deny', known: true });
    expect(free.body).toMatchObject({ allowed: false, timeAllows: true });
    for (const rule of ['no-active-incident', 'metrics-available', 'exclusive', 'eoc-veto'])
      expect(said(free.body, rule), rule).toMatchObject({ verdict: 'unknown', known: false });
    expect(await server.ledger()).toHaveLength(recorded);
  });

  it('says of now what the gate would, and nothing of what has passed', async () => {
    const { body } = await answer({});
    expect(said(body, 'metrics-available')).toMatchObject({ verdict: 'unknown', known: true });
    expect(said(body, 'eoc-veto')).toMatchObject({ verdict: 'pass', known: true });
    expect(await answer({ at: '2026-01-01T00:00:00Z' })).toMatchObject({
      status: 400,
      body: { code: 'invalid' },
    });
    expect((await answer({ at: ahead(500, '12:00:00') })).status).toBe(400);
  });
});

describe('/api/v1/policies', () => {
  it('lists each that was in force with who brought it, and says in words how two differ', async () => {
    const { context } = server;
    await putPolicyInForce(context, 'rolf on alpha');
    const text = context.policy.text.replace('S3: { reviewers: 1', 'S3: { reviewers: 2');
    const other = policyInForce('other.yaml', text, context.hash);
    await putPolicyInForce({ ...context, policy: other }, 'ben on beta');
    await putPolicyInForce(context, 'rolf on alpha');
    const { versions } = (await policies('')).body;
    expect(versions).toMatchObject([
      { number: 3, digest: context.policy.digest, by: 'rolf on alpha', until: null, kept: true },
      { number: 2, digest: other.digest, by: 'ben on beta', until: versions[0].since, kept: true },
      { number: 1, digest: context.policy.digest },
    ]);
    expect((await server.ledger())[Number(versions[1].ledgerIndex)]).toMatchObject({
      type: 'policy.in-force',
      after: other.digest,
      details: { by: 'ben on beta' },
    });
    expect((await policies('/2')).body.text).toBe(text);
    const { body } = await policies('/2/difference?from=1');
    expect(body.words).toContainEqual(
      expect.objectContaining({
        whom: 'S3, maintenance',
        after: expect.stringContaining('2 different persons'),
      }),
    );
    expect(body.lines).toContain('+  S3: { reviewers: 2');
    expect((await policies('/3/difference?from=1')).body).toMatchObject({ words: [], lines: '' });
    expect((await policies('/9')).body.code).toBe('not_found');
  });
});
