import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startProvider, type TestProvider } from '../kit/identity-provider.ts';
import { startServer, type TestServer } from '../kit/server.ts';
import { begin, finish, newTerminal, pageOf, signInBy } from '../kit/sign-in.ts';

const DIRECTORY = `version: directory/1
groups:
  sre-reviewers: [reviewer]
  heads: [management]
`;

let provider: TestProvider;
let server: TestServer;

beforeAll(async () => {
  provider = await startProvider();
  server = await startServer({ identity: { provider: provider.port } });
  await apply(DIRECTORY);
});
afterAll(async () => {
  await server.stop();
  await provider.stop();
});
beforeEach(async () => {
  provider.tamper = null;
  await server.context.db.deleteFrom('sign_in_attempts').execute();
});

const apply = (text: string) =>
  server.ask('PUT', '/api/v1/directory', {
    token: server.admin.token,
    body: { file: 'directory.yaml', text },
  });

const me = async (headers: Record<string, string>) => server.ask('GET', '/api/v1/me', { headers });

describe('signing in by the provider', () => {
  it('makes the account at the first time, finds it at the next, and gives the roles of its groups', async () => {
    expect((await server.ask('GET', '/api/v1/sign-in')).body).toEqual({
      provider: { title: 'Test provider', page: 'https://interlock.example/sign-in' },
    });
    const claims = { preferred_username: 'Rhea.Stone@illumidesk.com', name: 'Rhea Stone' };
    provider.person = { subject: 'r-1', claims: { ...claims, groups: ['sre-reviewers', 'others'] } };
    const first = await signInBy(server, provider);
    expect(first).toMatchObject({ status: 201, body: { name: 'rhea.stone' } });
    const page = pageOf(server, first);
    expect((await me(page)).body).toMatchObject({
      name: 'rhea.stone',
      kind: 'person',
      roles: ['reviewer'],
      scopes: ['read', 'ask', 'act'],
      credential: 'session',
    });
    const people = (await server.ask('GET', '/api/v1/people', { headers: page })).body.people;
    expect(people.find((one: { name: string }) => one.name === 'rhea.stone')).toMatchObject({
      issuer: provider.issuer,
      displayName: 'Rhea Stone',
    });

    provider.person = {
      subject: 'r-1',
      claims: { ...claims, preferred_username: 'renamed', groups: ['heads'] },
    };
    const second = await signInBy(server, provider);
    expect(second.body.name).toBe('rhea.stone');
    // What the first sign-in gave ended with the second, also for the session that is there.
    expect((await me(page)).body.roles).toEqual(['management']);
    expect((await server.ledger()).at(-1)).toMatchObject({
      type: 'session.begun',
      object: 'person/rhea.stone',
      details: { given: 'management', ended: 'reviewer' },
    });
  });

  it('lets in nobody whose account is shut out, and gives them nothing', async () => {
    provider.person = { subject: 'd-1', claims: { preferred_username: 'dirk', groups: ['heads'] } };
    const page = pageOf(server, await signInBy(server, provider));
    const body = { disabled: true };
    await server.ask('PATCH', '/api/v1/people/dirk', { token: server.admin.token, body });
    expect((await me(page)).status).toBe(401);
    expect((await signInBy(server, provider)).status).toBe(401);
    const { roles } = (await server.ask('GET', '/api/v1/people/dirk', { token: server.admin.token })).body;
    expect(roles).toEqual([]);
  });

  it('ends here, when they sign out', async () => {
    provider.person = { subject: 'o-1', claims: { preferred_username: 'olga' } };
    const page = pageOf(server, await signInBy(server, provider));
    expect((await server.ask('DELETE', '/api/v1/session', { headers: page })).status).toBe(204);
    expect((await me(page)).status).toBe(401);
  });

  it('leaves it to nobody else to speak for such a person: no administrator makes a token or a password of theirs', async () => {
    provider.person = { subject: 'v-1', claims: { preferred_username: 'vera' } };
    const page = pageOf(server, await signInBy(server, provider));
    const { token } = server.admin;
    const issue = { token, body: { label: 'mine now' } };
    expect((await server.ask('POST', '/api/v1/people/vera/tokens', issue)).body.code).toBe('not_permitted');
    const set = { token, body: { password: 'correct horse battery' } };
    expect((await server.ask('PUT', '/api/v1/people/vera/password', set)).body.code).toBe('not_permitted');
    const own = await server.ask('POST', '/api/v1/people/vera/tokens', {
      headers: page,
      body: { label: 'own' },
    });
    expect(own.status).toBe(201);
  });

  it('says that the provider is away', async () => {
    const away = await startProvider();
    const other = await startServer({ identity: { provider: away.port } });
    away.person = { subject: 'a-1', claims: { preferred_username: 'ana' } };
    await away.stop();
    const answer = await other.ask('POST', '/api/v1/sign-in/flows', { body: {} });
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    await other.stop();
  });
});

const redeem = (code: string, verifier: string) =>
  server.ask('POST', '/api/v1/sign-in/terminal', { body: { code, verifier, label: 'bastion-1' } });

describe('a terminal', () => {
  it('is signed in by the code that the browser shows, once, and only the one that began it', async () => {
    provider.person = { subject: 't-1', claims: { preferred_username: 'tess' } };
    const [mine, other] = [newTerminal(), newTerminal()];
    const shown = await signInBy(server, provider, { terminal: mine.challenge });
    expect(shown.headers.getSetCookie().some((one) => one.startsWith('interlock_session='))).toBe(false);
    const { code } = shown.body;
    expect(code).toMatch(/^[A-Z2-9]{5}-[A-Z2-9]{5}$/);
    expect((await redeem(code, other.verifier)).status).toBe(401);
    expect((await redeem('AAAAA-AAAAA', mine.verifier)).status).toBe(401);
    const issued = await redeem(code.toLowerCase(), mine.verifier);
    expect(issued).toMatchObject({ status: 201, body: { person: 'tess', scopes: ['read', 'ask', 'act'] } });
    expect((await redeem(code, mine.verifier)).status).toBe(401);
    expect((await server.ask('GET', '/api/v1/me', { token: issued.body.secret })).body.name).toBe('tess');
  });

  it('proves again who has its token, and nobody else', async () => {
    const prove = async (token: string) => {
      const { verifier, challenge } = newTerminal();
      const { code } = (await signInBy(server, provider, { terminal: challenge, again: true })).body;
      return server.ask('POST', '/api/v1/authentications', { token, body: { code, verifier } });
    };
    provider.person = { subject: 'u-1', claims: { preferred_username: 'ulla' } };
    const { verifier, challenge } = newTerminal();
    const { code } = (await signInBy(server, provider, { terminal: challenge })).body;
    const { secret } = (await redeem(code, verifier)).body;
    expect((await prove(secret)).status).toBe(201);
    provider.person = { subject: 'w-1', claims: { preferred_username: 'wim' } };
    expect((await prove(secret)).body.code).toBe('not_permitted');
  });
});

describe('signing in again', () => {
  it('counts where the provider says that it was just now, and not where it says nothing or something old', async () => {
    provider.person = { subject: 'i-1', claims: { preferred_username: 'ira' } };
    const proofs = async () =>
      (await server.context.db.selectFrom('authentications').selectAll().execute()).length;
    const before = await proofs();
    expect((await signInBy(server, provider, { again: true })).status).toBe(201);
    expect(await proofs()).toBe(before + 1);
    const hourAgo = Math.floor(Date.now() / 1_000) - 3_600;
    provider.tamper = (_token, claims) => provider.signed({ ...claims, auth_time: hourAgo });
    expect((await signInBy(server, provider, { again: true })).status).toBe(401);
    provider.tamper = (_token, claims) => provider.signed({ ...claims, auth_time: undefined });
    expect((await signInBy(server, provider, { again: true })).status).toBe(401);
    expect(await proofs()).toBe(before + 1);
  });

  it('can only be ended by the browser that began it', async () => {
    const [one, other] = [await begin(server), await begin(server)];
    const parameters = await provider.visit(one.url);
    expect((await finish(server, other.cookie, parameters)).status).toBe(401);
    expect((await finish(server, '', parameters)).status).toBe(401);
    expect((await finish(server, one.cookie, parameters)).status).toBe(201);
  });
});
