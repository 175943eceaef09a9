import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { upOfTargets } from '../../src/integrations/prometheus/selector.ts';
import { readQuery } from '../../src/plan/promql.ts';
import { content } from '../kit/attacks.ts';
import { sentPlan, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';

// TRUST.md section 5, attacks 43, 44, 47 and 48: what a body and a query may hold. What is tried below them is in wire.test.ts.
let world: ChangeWorld;
let untouched: Record<string, string>;
beforeAll(async () => {
  world = await startChangeWorld();
  untouched = await content(world.server);
});
afterAll(() => world.server.stop());

const TEMPLATE = () => JSON.stringify({ ...sentPlan(), plan: 'PLAN' });

/** Sends these bytes as a request for a change. */
async function post(
  body: string | Uint8Array,
  path = '/api/v1/changes',
  headers: Record<string, string> = {},
) {
  const answer = await fetch(world.server.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.ana.token}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : Buffer.from(body),
  });
  // Tests look into it as into every body.
  // oxlint-disable-next-line typescript/no-explicit-any
  return { status: answer.status, body: (await answer.json()) as any };
}

/** Refused as invalid. That nothing changed is asked once, after all of them. */
async function refusedAsInvalid(attempt: () => Promise<{ status: number; body: { code: string } }>) {
  const { status, body } = await attempt();
  expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid' });
}

const withPlan = (plan: string) => JSON.stringify({ ...sentPlan(), plan });
const { plan: SOUND } = sentPlan();

describe('43: a body of JSON', () => {
  it.each([
    ['with `__proto__`', () => TEMPLATE().replace('{', '{"__proto__":{"author":"rhea"},')],
    [
      'with `constructor.prototype`',
      () => TEMPLATE().replace('{', '{"constructor":{"prototype":{"author":"rhea"}},'),
    ],
    ['with a key twice', () => withPlan(SOUND).replace('{', '{"draft":true,"draft":false,')],
    [
      'with a key twice, once by an escape',
      () => withPlan(SOUND).replace('{', '{"draft":true,"\\u0064raft":false,'),
    ],
    [
      'that nests deeply',
      () => TEMPLATE().replace('"scripts":{}', `"scripts":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`),
    ],
    ['of lists that nest deeply', () => '['.repeat(500_000)],
    ['with half a character in a text', () => TEMPLATE().replace('PLAN', '\\ud800')],
    ['with half a character in a key', () => TEMPLATE().replace('"scripts":{}', '"scripts":{"\\udc00":"x"}')],
    ['with NUL', () => TEMPLATE().replace('PLAN', 'a\\u0000b')],
    ['that is no UTF-8', () => Buffer.from(TEMPLATE().replace('PLAN', 'a\xff'), 'latin1')],
    ['of nothing', () => ''],
    ['of more than one value', () => '{}{}'],
    ['with NaN', () => '{"a":NaN}'],
  ])('%s', async (_, body) => {
    await refusedAsInvalid(() => post(body()));
  });
});

describe('43: a plan of YAML', () => {
  it.each([
    ['with `__proto__`', `${SOUND}__proto__: { author: rhea }\n`],
    ['with `__proto__` inside', SOUND.replace('estimate: {', 'estimate: { __proto__: { steps: 1 }, ')],
    ['with a key twice', `${SOUND}author: rhea\n`],
    ['that nests deeply', `${SOUND}x: ${'['.repeat(20_000)}`],
    ['that nests deeply as JSON', `{"a":`.repeat(20_000)],
    [
      'of aliases that multiply',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'.replaceAll(
        /./g,
        (key) =>
          `${key}: &${key} [${Array(9)
            .fill(`*${String.fromCharCode(key.charCodeAt(0) - 1)}`)
            .join(',')}]\n`,
      )}`,
    ],
    ['that holds itself', `a: &a\n  b: *a\n`],
    ['with 1e400', SOUND.replace('atLeast: 1 ', 'atLeast: 1e400 ')],
    ['with .inf', SOUND.replace('atLeast: 1 ', 'atLeast: .inf ')],
    ['with .nan', SOUND.replace('atLeast: 1 ', 'atLeast: .nan ')],
    ['with half a character', SOUND.replace('title: Raise', 'title: "\\uD800"\n#')],
    ['with a tag', SOUND.replace('title: ', 'title: !!js/function ')],
    ['with a mapping as a key', `${SOUND}? { a: b }\n: c\n`],
  ])('%s', async (_, plan) => {
    await refusedAsInvalid(() => post(withPlan(plan)));
  });

  it('changed nothing, nor did any body before it', async () => {
    expect(await content(world.server)).toEqual(untouched);
  });

  it.each(['\u202e', '\u200b', '\u2066', '\ufeff'])(
    'with the mark %j is filed with an error',
    async (mark) => {
      const { status, body } = await post(withPlan(SOUND.replace('title: Raise', `title: Ra${mark}ise`)));
      expect(status).toBe(201);
      expect(body.findings).toMatchObject([{ rule: 'hidden-character', level: 'error' }]);
    },
  );
});

it.each(['1e400', '-1e400', '1e-400', '9007199254740993', '-1', '"5"'])(
  '43: minutes of %s are none',
  async (minutes) => {
    const kind = { environment: 'illumidesk.com', criticality: 'C4', severity: 'S4', rollbackMinutes: 1 };
    const body = JSON.stringify(kind).replace('{', `{"estimateMinutes":${minutes},`);
    const { body: answer } = await post(body, '/api/v1/decisions');
    // As small as nothing is nothing; whatever is no number of minutes is no answer.
    if (minutes === '1e-400') expect(answer.allowed).toBe(true);
    else expect(answer.code).toBe('invalid');
  },
);

it('43: bytes that are no UTF-8 are not kept as something else', async () => {
  const bytes = Buffer.from('{"body":"caf\xe9"}', 'latin1');
  await refusedAsInvalid(() => post(bytes, '/api/v1/channel'));
});

it.each([
  ['code in code', { 'steps.0.command': Array(60).fill('ssh') }],
  ['open brackets', { 'steps.0.command': ['sh', '-c', '$('.repeat(20_000)] }],
  ['wildcards', { 'steps.0.command': ['sh', '-c', ' ~'.repeat(5_000)] }],
  ['half tokens', { reason: `a${'eyJ-'.repeat(10_000)}` }],
])('44: a plan of %s is answered', async (_, set) => {
  const { plan } = sentPlan({ set });
  expect((await post(withPlan(plan))).status).toBe(201);
});

describe('47: PromQL', () => {
  const HOSTILE = [
    'db-01"} or vector(1) or up{instance="',
    'a\\',
    'a\\"} or vector(1) #',
    '.*',
    'a|.*',
    '(?i)x',
    'a\n} or vector(1)',
  ];

  it.each(HOSTILE)('in the name of a target is that name: %j', (name) => {
    const [asked = ''] = upOfTargets([name, 'db-02'], ['instance']);
    expect(readQuery(asked)).toMatchObject({ invalid: null, forbidden: null, selectors: [asked] });
    const [, written = ''] = /=~(".*")\}$/.exec(asked) ?? [];
    const pattern = new RegExp(`^(?:${JSON.parse(written)})$`);
    for (const seen of [name, `${name}:9100`, 'db-02']) expect(seen).toMatch(pattern);
    for (const other of ['db-01', 'x', 'a', 'X']) expect(other).not.toMatch(pattern);
  });

  it('that answers where there is no data is filed with an error', async () => {
    const { plan } = sentPlan({ set: { 'watch.0.prometheus.query': 'up or vector(0)' } });
    const { status, body } = await post(withPlan(plan));
    expect(status).toBe(201);
    expect(body.findings).toMatchObject([{ level: 'error', message: expect.stringContaining('vector(0)') }]);
  });
});

describe('48: SQL in what a list is asked for', () => {
  const SQL = [
    "' or 1=1 --",
    "'; drop table changes; --",
    '$1',
    "\\' or true",
    '%',
    '1) or (1=1',
    "x' & !y:*",
  ];
  it.each(['environment', 'service', 'author', 'executor', 'text'])('%s', async (field) => {
    await world.open();
    const before = await content(world.server);
    for (const text of SQL) {
      const query = new URLSearchParams({ [field]: text }).toString();
      const { status, body } = await world.server.ask('GET', `/api/v1/changes?${query}`, {
        token: world.ana.token,
      });
      expect([status, body.changes ?? body.code]).toEqual(status === 200 ? [200, []] : [400, 'invalid']);
    }
    expect(await content(world.server)).toEqual(before);
  });

  it.each(['state', 'criticality', 'severity', 'kind', 'before', 'limit', 'slotFrom', 'sort', 'order'])(
    '%s takes nothing else than it names',
    async (field) => {
      for (const text of SQL) {
        const query = new URLSearchParams({ [field]: text }).toString();
        const answer = await world.server.ask('GET', `/api/v1/changes?${query}`, { token: world.ana.token });
        expect(answer.body.code).toBe('invalid');
      }
    },
  );
});
