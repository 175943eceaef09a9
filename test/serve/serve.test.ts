import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInterlock, startInterlock, type InterlockProcess } from '../kit/interlock-process.ts';
import { freePort } from '../kit/loopback-process.ts';
import { scratchParent } from '../kit/scratch.ts';
import { SHIPPED_POLICY } from '../kit/server.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(scratchParent(), 'interlock-serve-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A data folder that is new at each try. */
const own = async (name: string) => path.join(await mkdtemp(path.join(folder, `${name}-`)), 'data');

const asAdmin = (server: InterlockProcess, token: string, where: string) =>
  fetch(server.url + where, { headers: { authorization: `Bearer ${token}` } });

// Each starts the program several times, a database with it.
describe('a server', { timeout: 180_000 }, () => {
  it('shows the first administrator’s token once, survives KILL, and stops when told to or where its port is another’s', async () => {
    const data = await own('life');
    const first = await startInterlock(data);
    const token = /ilk_[\w-]{43}/.exec(first.output())?.[0] ?? '';
    expect((await asAdmin(first, token, '/api/v1/me')).status).toBe(200);
    expect((await first.end('SIGKILL')).status).toBeNull();

    const second = await startInterlock(data);
    expect(second.output()).not.toContain('ilk_');
    expect((await asAdmin(second, token, '/api/v1/me')).status).toBe(200);
    expect((await fetch(`${second.url}/readyz`)).status).toBe(200);

    // Nobody else may have the folder meanwhile.
    const other = await runInterlock(['serve'], { INTERLOCK_DATA: data, INTERLOCK_PORT: '0' });
    expect(other.status).toBe(1);
    expect(other.stderr).toMatch(/^interlock: expected a data folder that nobody else uses, got `.+\n$/);
    expect(other.stderr).toMatch(/held by an Interlock server with pid `\d+`/);

    const stopped = await second.end('SIGTERM');
    expect(stopped).toMatchObject({ status: 0 });
    expect(stopped.stderr).toContain('Stopping (SIGTERM).');

    // A port that another program has leaves no database running.
    const taken = createServer();
    await new Promise<void>((resolve) => {
      taken.listen(0, '127.0.0.1', resolve);
    });
    const address = taken.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const refused = await runInterlock(['serve'], { INTERLOCK_DATA: data, INTERLOCK_PORT: port });
    taken.close();
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain(
      `expected to listen on \`127.0.0.1:${port}\`, got a port that another program has`,
    );
    await expect(stat(path.join(data, 'database', 'postmaster.pid'))).rejects.toThrow('ENOENT');
  });

  it('writes the first token where it is told to, stops with a stream open, and leaves what doctor and ledger verify look at', async () => {
    const data = await own('offline');
    const token = path.join(data, '..', 'secrets', 'admin');
    const environment = {
      INTERLOCK_DATA: data,
      INTERLOCK_URL: `http://127.0.0.1:${await freePort()}`,
      INTERLOCK_TOKEN_FILE: token,
    };
    const before = await runInterlock(['doctor'], { ...environment, INTERLOCK_TOKEN_FILE: '/dev/null' });
    expect(before.status).toBe(1);
    expect(before.stdout).toMatch(
      /^WRONG +data folder +expected the data folder of a server, got nothing at/m,
    );

    // Readable by its owner alone, and not to the terminal.
    const server = await startInterlock(data, { INTERLOCK_ADMIN_TOKEN_FILE: token });
    expect(server.output()).not.toContain('ilk_');
    expect((await stat(token)).mode & 0o777).toBe(0o600);
    const admin = (await readFile(token, 'utf8')).trim();
    expect((await asAdmin(server, admin, '/api/v1/me')).status).toBe(200);
    const stream = await asAdmin(server, admin, '/api/v1/stream');
    expect(stream.status).toBe(200);
    expect((await server.end('SIGINT')).status).toBe(0);
    await stream.body?.cancel().catch(() => undefined);

    const verified = await runInterlock(['ledger', 'verify'], environment);
    const note = `No server answers at ${environment.INTERLOCK_URL}/: reading the data folder.\n`;
    expect(verified).toMatchObject({ status: 0, stderr: note });
    // The administrator, and the policy in force.
    expect(verified.stdout).toMatch(/^The ledger verifies: 2 entries/);
    const doctor = await runInterlock(['doctor'], environment);
    expect(doctor.status).toBe(1);
    expect(doctor.stdout).toMatch(/^WRONG +server +expected an Interlock server at/m);
    expect(doctor.stdout).toMatch(/^ok +data folder +/m);
    expect(doctor.stdout).toMatch(/^ok +ledger +2 entries, signed up to 2$/m);
    await expect(stat(path.join(data, 'database', 'postmaster.pid'))).rejects.toThrow('ENOENT');
  });
});

describe('`ledger verify` without a server says what is wrong with', () => {
  it.each([
    [
      'a database that does not answer',
      { DATABASE_URL: 'postgres://root:hunter2@127.0.0.1:1/db' },
      1,
      /: reading the database of DATABASE_URL\.\ninterlock: expected a PostgreSQL that lets us in at DATABASE_URL, got `connect ECONNREFUSED 127\.0\.0\.1:1`\n$/,
    ],
    [
      'a database address that is none',
      { DATABASE_URL: 'mysql://root:hunter2@db' },
      3,
      /\ninterlock: DATABASE_URL: expected an address that begins with `postgres:\/\/`.*\n$/,
    ],
  ])('%s', async (_name, environment, wanted, said) => {
    const { status, stdout, stderr } = await runInterlock(['ledger', 'verify'], {
      INTERLOCK_DATA: path.join(folder, 'none'),
      INTERLOCK_URL: 'http://127.0.0.1:1',
      ...environment,
    });
    expect({ status, stdout }).toEqual({ status: wanted, stdout: '' });
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain('hunter2');
  });
});

const start = (environment: Record<string, string>) =>
  runInterlock(['serve'], {
    INTERLOCK_DATA: path.join(folder, 'none'),
    INTERLOCK_PORT: '0',
    ...environment,
  });

describe('a server does not start, and says why in lines a person can use,', () => {
  it('with a policy that is wrong: file, line and column, exit 3', async () => {
    const file = path.join(folder, 'policy.yaml');
    const text = await readFile(SHIPPED_POLICY, 'utf8');
    await writeFile(file, `${text.trimEnd()}\nnonsense: 1\n`);
    const { status, stdout, stderr } = await start({ INTERLOCK_POLICY: file });
    const line = text.trimEnd().split('\n').length + 1;
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^${file}:${line}:\\d+: expected no field \`nonsense\` here\\n$`));
  });

  it.each([
    [
      'a policy that is not there',
      { INTERLOCK_POLICY: '/nowhere.yaml' },
      3,
      'expected a policy file that can be read, got `/nowhere.yaml`',
    ],
    [
      'a port that is none',
      { INTERLOCK_PORT: '70000' },
      3,
      'INTERLOCK_PORT: expected a port from 0 to 65535, got `70000`',
    ],
    [
      'a database address that is none',
      { DATABASE_URL: 'mysql://root:hunter2@db' },
      3,
      'DATABASE_URL: expected an address that begins with `postgres://`',
    ],
    [
      'a database that does not answer',
      { DATABASE_URL: 'postgres://root:hunter2@127.0.0.1:1/db', INTERLOCK_DATA: '/dev/null/never-made' },
      1,
      'interlock: expected a PostgreSQL that lets us in at DATABASE_URL, got `connect ECONNREFUSED 127.0.0.1:1`',
    ],
    [
      'a data folder that cannot be made',
      { INTERLOCK_DATA: '/dev/null/x' },
      1,
      'expected a data folder that can be written',
    ],
  ])('with %s', async (_name, environment, wanted, message) => {
    const { status, stderr } = await start(environment);
    expect(stderr).toContain(message);
    expect(stderr.split('\n')).toHaveLength(2);
    expect(stderr).not.toContain('hunter2');
    expect(status).toBe(wanted);
  });
});
