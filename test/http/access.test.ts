import { createHmac } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCESS, type Access } from '../../src/contract/access.ts';
import type { Connections } from '../../src/app/ports/connection.ts';
import { githubSigned } from '../../src/integrations/signatures/schemes.ts';
import type { DeclaredRoute } from '../../src/http/api.ts';
import { startProvider, type TestProvider } from '../kit/identity-provider.ts';
import { pageOf, signInBy } from '../kit/sign-in.ts';
import { startServer, type TestServer } from '../kit/server.ts';

const OPEN = ['anyone', 'loopback'] as const;
const KNOWN = [...OPEN, 'account'] as const;
const ACTING = [...KNOWN, 'act', 'prepare'] as const;
const SERVICE = [...ACTING, 'alerts', 'read', 'ask', 'claim'] as const;
const IN_SESSION = [...ACTING, 'read', 'ask', 'person', 'claim'] as const;

/** Every kind of caller there is, and the accesses that let it in. What is not listed must be turned away. */
const CALLERS: Readonly<Record<string, readonly Access[]>> = {
  nobody: OPEN,
  'a wrong token': OPEN,
  'a revoked token': OPEN,
  'an expired token': OPEN,
  'a disabled person': OPEN,
  'a right token with a wrong bastion key': OPEN,
  'a person who reads': [...KNOWN, 'read'],
  'a person who asks': [...KNOWN, 'ask'],
  'a person who acts': [...ACTING, 'person'],
  'a person who acts from a bastion': [...ACTING, 'person', 'bastion', 'execute'],
  'a service with every scope but admin': SERVICE,
  'a service that acts from a bastion': [...SERVICE, 'bastion', 'execute'],
  'an agent from a bastion': [...KNOWN, 'read', 'ask', 'prepare', 'claim', 'execute'],
  'a login on a bastion': [...OPEN, 'login'],
  'a login on a deployer': OPEN,
  'a peer that signs': [...OPEN, 'peer'],
  'an administrator': [...KNOWN, 'admin'],
  'a person with the scope admin and without the role': KNOWN,
  'an administrator whose token lacks the scope': [...ACTING, 'person'],
  'a session by the provider': IN_SESSION,
  'a session by the provider without our header': IN_SESSION,
};

/** What a route's `:name` is called here; it sends `{}`. */
const SECRET = 'a-secret-of-the-peer';
const signed = createHmac('sha256', SECRET).update('{}').digest('hex');
const connections: Connections = {
  all: [
    {
      name: 'x-1',
      peer: 'nowhere',
      offers: {},
      hears: (request) =>
        githubSigned(request, [SECRET])
          ? { kind: 'heard', delivery: '1', events: [] }
          : { kind: 'unverified' },
      test: () => Promise.resolve({ kind: 'taken', receipt: null }),
    },
  ],
  mask: (text) => text,
};

interface Caller {
  readonly token?: string;
  readonly bastion?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What changes nothing is let in without our header, and from anywhere. */
const CHANGES_NOTHING = new Set(['GET', 'HEAD']);
const FORGED = new Set(['a session by the provider without our header']);

let server: TestServer;
let provider: TestProvider;
let callers: Record<string, Caller>;

beforeAll(async () => {
  provider = await startProvider();
  server = await startServer({ identity: { provider: provider.port }, connections });
  const bastion = await server.bastion('bastion-1', 'illumidesk.com');
  const revoked = await server.account('revoked');
  const expired = await server.account('expired');
  const disabled = await server.account('disabled');
  const { tokens } = (await server.ask('GET', '/api/v1/people/revoked/tokens', { token: server.admin.token }))
    .body;
  await server.ask('DELETE', `/api/v1/tokens/${tokens[0].id}`, { token: server.admin.token });
  await asOwner(
    server,
    `update tokens set created_at = now() - interval '2 days', expires_at = now() - interval '1 ms' where person = 'expired'`,
  );
  await server.ask('PATCH', '/api/v1/people/disabled', {
    token: server.admin.token,
    body: { disabled: true },
  });
  provider.person = { subject: 's-1', claims: { preferred_username: 'signed-in' } };
  const session = async () => pageOf(server, await signInBy(server, provider));
  const acting = (await server.account('acting', { scopes: ['act'] })).token;
  const robot = (await server.account('robot', { kind: 'service', scopes: ['read', 'ask', 'act'] })).token;
  const deployer = await server.bastion('deployer-1', 'illumidesk.com', 'deployer');
  const login = { headers: { 'interlock-login': 'acting' } };
  callers = {
    nobody: {},
    'a wrong token': { token: `ilk_${'A'.repeat(43)}` },
    'a revoked token': { token: revoked.token },
    'an expired token': { token: expired.token },
    'a disabled person': { token: disabled.token },
    'a right token with a wrong bastion key': { token: acting, bastion: `ilb_${'A'.repeat(43)}` },
    'a person who reads': { token: (await server.account('reading', { scopes: ['read'] })).token },
    'a person who asks': { token: (await server.account('asking', { scopes: ['ask'] })).token },
    'a person who acts': { token: acting },
    // Beside a token a login says nothing.
    'a person who acts from a bastion': { ...login, token: acting, bastion },
    'a service with every scope but admin': { token: robot },
    'a service that acts from a bastion': { token: robot, bastion },
    'a login on a bastion': { ...login, bastion },
    'a login on a deployer': { ...login, bastion: deployer },
    'a peer that signs': { headers: { 'x-hub-signature-256': `sha256=${signed}` } },
    'an agent from a bastion': {
      token: (await server.account('agent', { agentOf: 'acting' })).token,
      bastion,
    },
    'an administrator': {
      token: (await server.account('root', { roles: ['admin'], scopes: ['admin'] })).token,
    },
    'a person with the scope admin and without the role': {
      token: (await server.account('would-be', { scopes: ['admin'] })).token,
    },
    'a session by the provider': { headers: await session() },
    'a session by the provider without our header': {
      headers: { ...(await session()), 'interlock-csrf': '' },
    },
    'an administrator whose token lacks the scope': {
      token: (await server.account('careful', { roles: ['admin'], scopes: ['act'] })).token,
    },
  };
});
afterAll(async () => {
  await server.stop();
  await provider.stop();
});

/** What the application itself has no right to: time cannot be waited for here. */
async function asOwner({ context }: TestServer, statement: string): Promise<void> {
  const client = new Client({ connectionString: context.db.url });
  await client.connect();
  const { rowCount } = await client.query(statement);
  await client.end();
  expect(rowCount).toBe(1);
}

/** Whether a session has to show that a page of ours asks: where something may change, and it counts who asks. */
function asksForHeader({ method, access }: DeclaredRoute): boolean {
  return !CHANGES_NOTHING.has(method) && ACCESS[access].scope !== null;
}

function signsOut({ method, url }: DeclaredRoute): boolean {
  return method === 'DELETE' && url === '/api/v1/session';
}

/** Some at once: one waits for the database while another is read. */
async function knockAll(routes: readonly DeclaredRoute[], caller: Caller) {
  const answers: { route: DeclaredRoute; status: number }[] = [];
  for (let from = 0; from < routes.length; from += 6) {
    const some = routes
      .slice(from, from + 6)
      .map(async (route) => ({ route, status: await knock(route, caller) }));
    answers.push(...(await Promise.all(some)));
  }
  return answers;
}

/** Only whether the door opened: 401 and 403 come from the door alone. A stream never ends, and is left. */
async function knock(route: DeclaredRoute, caller: Caller): Promise<number> {
  const url = server.url + route.url.replaceAll(/:\w+/g, 'x-1').replaceAll('*', 'x');
  const abort = new AbortController();
  const response = await fetch(url, {
    method: route.method,
    headers: {
      ...(caller.token !== undefined && { authorization: `Bearer ${caller.token}` }),
      ...caller.headers,
      ...(caller.bastion !== undefined && { 'interlock-bastion': caller.bastion }),
      ...(!['GET', 'HEAD'].includes(route.method) && { 'content-type': 'application/json' }),
    },
    ...(!['GET', 'HEAD'].includes(route.method) && { body: '{}' }),
    signal: abort.signal,
  });
  if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) abort.abort();
  else await response.arrayBuffer();
  return response.status;
}

describe('every route, as every kind of caller', () => {
  it('has callers for every access, let in and turned away', () => {
    for (const access of Object.keys(ACCESS) as Access[]) {
      expect(Object.values(CALLERS).some((accesses) => accesses.includes(access))).toBe(true);
    }
    expect(server.routes.length).toBeGreaterThan(20);
  });

  it.each(Object.keys(CALLERS))('lets %s in where the route says so, and nowhere else', async (name) => {
    const caller = callers[name] ?? {};
    const known = Object.values(CALLERS[name] ?? []);
    const wrong: string[] = [];
    // Signing out ends what knocks: last.
    const answers = await knockAll(
      server.routes.filter((route) => !signsOut(route)),
      caller,
    );
    answers.push(...(await knockAll(server.routes.filter(signsOut), caller)));
    expect(answers).toHaveLength(server.routes.length);
    for (const { route, status } of answers) {
      const letIn = status !== 401 && status !== 403;
      const wanted = known.includes(route.access) && !(FORGED.has(name) && asksForHeader(route));
      if (letIn !== wanted || status >= 500) {
        wrong.push(`${route.method} ${route.url} (${route.access}): ${status}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('records whoever was turned away from a change, and changes nothing', async () => {
    const { token } = await server.account('nosy', { scopes: ['read'] });
    const before = (await server.ledger()).length;
    const people = (await server.ask('GET', '/api/v1/people', { token })).body;
    const answer = await server.ask('POST', '/api/v1/people', {
      token,
      body: { name: 'mallory', displayName: 'Mallory' },
    });
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden', message: 'Not allowed.' } });
    const entries = (await server.ledger()).slice(before);
    expect(entries).toMatchObject([
      {
        type: 'access.denied',
        outcome: 'deny',
        object: 'route/POST /api/v1/people',
        actor: { subject: 'nosy' },
      },
    ]);
    expect((await server.ask('GET', '/api/v1/people', { token })).body).toEqual(people);
  });

  it('changes nothing by GET', async () => {
    const gets = server.routes.filter(({ method }) => method === 'GET');
    const before = await content();
    for (const name of ['nobody', 'a service that acts from a bastion', 'an administrator']) {
      await knockAll(gets, callers[name] ?? {});
    }
    expect(await content()).toEqual(before);
    expect(Object.keys(before).length).toBeGreaterThan(20);
  });
});

/** Every table with a digest of all its rows. */
async function content(): Promise<Record<string, string>> {
  const client = new Client({ connectionString: server.context.db.url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  );
  const digests: Record<string, string> = {};
  for (const { name } of rows) {
    const { rows: all } = await client.query<{ digest: string }>(
      `select coalesce(md5(string_agg(t::text, '' order by t::text)), '') as digest from "${name}" t`,
    );
    digests[name] = all[0]?.digest ?? '';
  }
  await client.end();
  return digests;
}
