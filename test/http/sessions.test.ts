import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type Answer, type TestServer } from '../kit/server.ts';

const PASSWORD = 'correct horse battery';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const signIn = (body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  server.ask('POST', '/api/v1/session', { body, headers });

function cookieOf(answer: Answer): string {
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

/** What a page of ours sends with every change. */
const fromPage = (cookie: string) => ({ cookie, origin: server.url, 'interlock-csrf': '1' });

describe('a session', () => {
  it('begins by password, and its cookie is out of reach of scripts and other sites', async () => {
    await server.account('ana', { roles: ['reviewer'], password: PASSWORD });
    const answer = await signIn({ account: 'ana', password: PASSWORD });
    expect(answer.status).toBe(201);
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^interlock_session=ils_[\w-]{43}; Path=\/; Expires=.*; HttpOnly; SameSite=Strict$/,
    );
    const me = await server.ask('GET', '/api/v1/me', { headers: { cookie: cookieOf(answer) } });
    expect(me.body).toMatchObject({ name: 'ana', credential: 'session', scopes: ['read', 'ask', 'act'] });
  });

  it('is Secure where the page came over TLS', async () => {
    await server.account('tess', { password: PASSWORD });
    const { host } = new URL(server.url);
    const answer = await signIn({ account: 'tess', password: PASSWORD }, { origin: `https://${host}` });
    const [set = ''] = answer.headers.getSetCookie();
    expect(set).toMatch(
      /^__Host-interlock_session=ils_[\w-]{43}; Path=\/; Expires=.*; HttpOnly; Secure; SameSite=Strict$/,
    );
    const out = await server.ask('DELETE', '/api/v1/session', {
      headers: { ...fromPage(cookieOf(answer)), origin: `https://${host}` },
    });
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie().map((one) => one.split('=')[0])).toContain('__Host-interlock_session');
  });

  it('of a page over TLS is none that was laid there over a plain line', async () => {
    const { token } = await server.account('ulla');
    const laid = cookieOf(await signIn({ token }));
    const page = { ...fromPage(laid), origin: `https://${new URL(server.url).host}` };
    expect((await server.ask('DELETE', '/api/v1/session', { headers: page })).status).toBe(401);
    const own = cookieOf(await signIn({ token: server.admin.token }, { origin: page.origin }));
    const me = await server.ask('GET', '/api/v1/me', { headers: { cookie: `${laid}; ${own}` } });
    expect(me.body.name).toBe(server.admin.name);
  });

  it('begins by token, bears its scopes, and ends with it', async () => {
    const { token } = await server.account('ben', { scopes: ['read'] });
    const cookie = cookieOf(await signIn({ token }));
    expect((await server.ask('GET', '/api/v1/me', { headers: { cookie } })).body.scopes).toEqual(['read']);
    const { tokens } = (await server.ask('GET', '/api/v1/people/ben/tokens', { token: server.admin.token }))
      .body;
    await server.ask('DELETE', `/api/v1/tokens/${tokens[0].id}`, { token: server.admin.token });
    expect((await server.ask('GET', '/api/v1/me', { headers: { cookie } })).status).toBe(401);
  });

  it('ends when its person signs out', async () => {
    await server.account('cleo', { password: PASSWORD });
    const cookie = cookieOf(await signIn({ account: 'cleo', password: PASSWORD }));
    const out = await server.ask('DELETE', '/api/v1/session', { headers: fromPage(cookie) });
    expect(out.status).toBe(204);
    expect((await server.ask('GET', '/api/v1/me', { headers: { cookie } })).status).toBe(401);
  });

  it('ends when its account is shut out, and a role is gone at the next call', async () => {
    await server.account('rolf', { roles: ['reviewer'], password: PASSWORD });
    const cookie = cookieOf(await signIn({ account: 'rolf', password: PASSWORD }));
    const me = () => server.ask('GET', '/api/v1/me', { headers: { cookie } });
    expect((await me()).body.roles).toEqual(['reviewer']);
    await server.ask('DELETE', '/api/v1/people/rolf/roles/reviewer', { token: server.admin.token });
    expect((await me()).body.roles).toEqual([]);
    const body = { disabled: true };
    await server.ask('PATCH', '/api/v1/people/rolf', { token: server.admin.token, body });
    expect((await me()).status).toBe(401);
    await server.ask('PATCH', '/api/v1/people/rolf', {
      token: server.admin.token,
      body: { disabled: false },
    });
    expect((await me()).status).toBe(401);
  });

  it('is refused alike for a wrong password, no account, no password and a service', async () => {
    await server.account('dirk');
    const robot = await server.account('robot', { kind: 'service' });
    const refused = await Promise.all([
      signIn({ account: 'ana', password: 'wrong horse battery' }),
      signIn({ account: 'nobody-here', password: PASSWORD }),
      signIn({ account: 'dirk', password: PASSWORD }),
      signIn({ token: robot.token }),
      signIn({ token: 'ilk_' }),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
    expect(new Set(refused.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    const entries = (await server.ledger()).filter(({ type }) => type === 'session.refused');
    expect(new Set(entries.map(({ object }) => object))).toEqual(new Set(['person/ana', 'person/dirk']));
  });

  it('cannot be tried without end, neither on one account nor from one address', async () => {
    await server.account('vera', { password: PASSWORD });
    const attempts = await Promise.all(
      Array.from({ length: 21 }, (_, attempt) => signIn({ account: 'vera', password: `wrong ${attempt}` })),
    );
    expect(attempts.filter(({ status }) => status === 401)).toHaveLength(20);
    expect(attempts.filter(({ status }) => status === 429)).toHaveLength(1);
    // The right one does not help any more, and other accounts are still let in.
    expect((await signIn({ account: 'vera', password: PASSWORD })).status).toBe(429);
    expect((await signIn({ account: 'ana', password: PASSWORD })).status).toBe(201);
    const more = await Promise.all(
      Array.from({ length: 60 }, (_, index) => signIn({ token: `ilk_${index}` })),
    );
    expect(more.at(-1)?.status).toBe(429);
    expect((await server.ask('GET', '/api/v1/me', { token: server.admin.token })).status).toBe(200);
  });
});

const change = (headers: Record<string, string>) =>
  server.ask('PUT', '/api/v1/rota', {
    headers,
    body: { eoc: [{ person: 'ana', start: '2030-01-01T00:00:00Z', end: '2030-01-02T00:00:00Z' }] },
  });

describe('a request that another site sends', () => {
  let cookie: string;
  let rota: unknown;
  beforeAll(async () => {
    await server.context.db.deleteFrom('sign_in_attempts').execute();
    await server.account('mona', { roles: ['admin'], password: PASSWORD });
    cookie = cookieOf(await signIn({ account: 'mona', password: PASSWORD }));
    rota = await shifts();
  });
  const shifts = async () => (await server.ask('GET', '/api/v1/rota', { headers: { cookie } })).body.shifts;

  it.each([
    ['no origin', () => ({ cookie, 'interlock-csrf': '1' })],
    ['no header', () => ({ cookie, origin: server.url })],
    ['another header value', () => ({ cookie, origin: server.url, 'interlock-csrf': 'true' })],
    ['origin null', () => ({ cookie, origin: 'null', 'interlock-csrf': '1' })],
    ['another origin', () => ({ cookie, origin: 'https://evil.example', 'interlock-csrf': '1' })],
    ['another port', () => ({ cookie, origin: 'http://127.0.0.1:1', 'interlock-csrf': '1' })],
    ['a look-alike origin', () => ({ cookie, origin: `${server.url}.evil.example`, 'interlock-csrf': '1' })],
    ['origin null, by token', () => ({ authorization: `Bearer ${server.admin.token}`, origin: 'null' })],
  ])('is refused: %s', async (_name, headers) => {
    expect((await change(headers())).status).toBe(403);
    expect(await shifts()).toEqual(rota);
  });

  it('cannot even sign somebody in', async () => {
    const answer = await signIn({ account: 'mona', password: PASSWORD }, { origin: 'https://evil.example' });
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('while a page of ours may', async () => {
    expect((await change(fromPage(cookie))).status).toBe(200);
  });
});
