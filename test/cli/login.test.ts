import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { typed } from '../kit/command-line.ts';
import { startProvider, type TestProvider } from '../kit/identity-provider.ts';
import { startServer, type TestServer } from '../kit/server.ts';
import { begin, finish } from '../kit/sign-in.ts';

const PASSWORD = 'correct horse battery';

let provider: TestProvider;
let server: TestServer;
let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  provider = await startProvider();
  server = await startServer({ identity: { provider: provider.port } });
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-login-'));
  environment = { INTERLOCK_URL: server.url, XDG_CONFIG_HOME: folder };
});
afterAll(async () => {
  await server.stop();
  await provider.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What a person does in the browser with the address that the terminal shows; gives the code that the page shows. */
async function inBrowser(shown: string): Promise<string> {
  const address = new URL(/https:\S+/.exec(shown)?.[0] ?? '');
  const terminal = address.searchParams.get('terminal') ?? '';
  const { url, cookie } = await begin(server, {
    terminal,
    again: address.searchParams.get('again') === 'true',
  });
  return (await finish(server, cookie, await provider.visit(url))).body.code;
}

describe('interlock login', () => {
  it('signs in by the provider with a code, keeps the token, and proves again with another', async () => {
    provider.person = { subject: 'c-1', claims: { preferred_username: 'cora' } };
    const signedIn = await typed(['login'], { environment, stdin: inBrowser });
    expect(signedIn).toMatchObject({ status: 0, stdout: '' });
    expect(signedIn.stderr).toMatch(/signed in as cora until /);
    expect((await typed(['whoami'], { environment })).stdout).toContain('cora (person)');
    const again = await typed(['login', '--again'], { environment, stdin: inBrowser });
    expect(again.stderr).toMatch(/proved again to be cora; it counts until /);
    provider.person = { subject: 'm-1', claims: { preferred_username: 'mallory' } };
    expect(await typed(['login', '--again'], { environment, stdin: inBrowser })).toMatchObject({ status: 2 });
  });

  it('proves again by password where the account is of this server', async () => {
    const { token } = await server.account('ana', { password: PASSWORD, fresh: false });
    const asAna = { ...environment, INTERLOCK_TOKEN: token };
    const wrong = await typed(['login', '--again'], { environment: asAna, stdin: 'wrong horse battery\n' });
    expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining('expected the password') });
    const right = await typed(['login', '--again'], { environment: asAna, stdin: `${PASSWORD}\n` });
    expect(right).toMatchObject({ status: 0, stderr: expect.stringContaining('proved again to be ana') });
  });

  it('says what to type where the server has no provider', async () => {
    const other = await startServer();
    const ran = await typed(['login'], { environment: { ...environment, INTERLOCK_URL: other.url } });
    expect(ran).toMatchObject({ status: 3, stderr: expect.stringContaining('`interlock login ana`') });
    await other.stop();
  });
});

const entry = (roles: string) => `  - { name: rolf, issuer: local, subject: rolf, roles: [${roles}] }\n`;
const admin = (...line: string[]) =>
  typed(line, { environment: { ...environment, INTERLOCK_TOKEN: server.admin.token }, cwd: folder });

describe('interlock directory', () => {
  it('applies a file whole or not at all, and says what changed', async () => {
    await server.account('rolf', { roles: ['management'] });
    const file = path.join(folder, 'directory.yaml');
    const head = `version: directory/1\npeople:\n  - { name: pia, issuer: "${provider.issuer}", subject: p-1 }\n`;
    await writeFile(file, head + entry('reviewer, management'));
    const applied = await admin('directory', 'apply', 'directory.yaml');
    expect(applied.stdout).toContain('pia: account made\nrolf: reviewer given\nrolf: management given\n');

    const wrong = '  - { name: nobody, issuer: local, subject: nobody, roles: [vpe] }\n';
    await writeFile(file, head + entry('') + wrong);
    expect(await admin('directory', 'apply', 'directory.yaml')).toMatchObject({ status: 1 });
    const rolf = async () =>
      (await server.ask('GET', '/api/v1/people/rolf', { token: server.admin.token })).body;
    expect((await rolf()).roles).toEqual(['management', 'reviewer']);

    await writeFile(file, head);
    expect((await admin('directory', 'apply', 'directory.yaml')).stdout).toContain('rolf: reviewer ended');
    // What an administrator granted stays.
    expect((await rolf()).roles).toEqual(['management']);

    await writeFile(file, 'version: directory/1\npeople:\n  - { name: rolf, roles: [king] }\n');
    const mistaken = await admin('directory', 'apply', 'directory.yaml');
    expect(mistaken).toMatchObject({ status: 3, stderr: expect.stringMatching(/directory\.yaml:3:\d+: /) });
  });

  it('gives an account to whom it names, under the name that it says', async () => {
    provider.person = { subject: 'p-1', claims: { preferred_username: 'somebody' } };
    const { url, cookie } = await begin(server);
    expect((await finish(server, cookie, await provider.visit(url))).body.name).toBe('pia');
  });
});
