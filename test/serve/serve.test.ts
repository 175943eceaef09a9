import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInterlock, startInterlock, type InterlockProcess } from '../kit/interlock-process.ts';
import { freePort } from '../kit/loopback-process.ts';
import { SHIPPED_POLICY } from '../kit/server.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-serve-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const asAdmin = (server: InterlockProcess, token: string, where: string) =>
  fetch(server.url + where, { headers: { authorization: `Bearer ${token}` } });

describe('a server', () => {
  it('shows the first administrator’s token once, survives KILL, and stops when told to', async () => {
    const data = path.join(folder, 'life');
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
  });

  it('writes the first token where it is told to, readable by its owner alone, and not to the terminal', async () => {
    const file = path.join(folder, 'secrets', 'admin');
    const server = await startInterlock(path.join(folder, 'token'), { INTERLOCK_ADMIN_TOKEN_FILE: file });
    expect(server.output()).not.toContain('ilk_');
    const token = (await readFile(file, 'utf8')).trim();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await asAdmin(server, token, '/api/v1/me')).status).toBe(200);
    await server.end('SIGINT');
  });

  it('that has stopped leaves a data folder that doctor and ledger verify can look at', async () => {
    const data = path.join(folder, 'offline');
    const token = path.join(folder, 'offline-admin');
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
    await (await startInterlock(data, { INTERLOCK_ADMIN_TOKEN_FILE: token })).end('SIGTERM');

    const verified = await runInterlock(['ledger', 'verify'], environment);
    expect(verified).toMatchObject({ status: 0 });
    // The administrator, and the policy in force.
    expect(verified.stdout).toMatch(/^The ledger verifies: 2 entries/);
    const doctor = await runInterlock(['doctor'], environment);
    expect(doctor.status).toBe(1);
    expect(doctor.stdout).toMatch(/^WRONG +server +expected an Interlock server at/m);
    expect(doctor.stdout).toMatch(/^ok +data folder +/m);
    expect(doctor.stdout).toMatch(/^ok +ledger +2 entries, signed up to 2$/m);
    await expect(stat(path.join(data, 'database', 'postmaster.pid'))).rejects.toThrow('ENOENT');
  });

  it('with a stream open stops all the same', async () => {
    const file = path.join(folder, 'stream-admin');
    const server = await startInterlock(path.join(folder, 'stream'), { INTERLOCK_ADMIN_TOKEN_FILE: file });
    const token = (await readFile(file, 'utf8')).trim();
    const stream = await asAdmin(server, token, '/api/v1/stream');
    expect(stream.status).toBe(200);
    expect((await server.end('SIGTERM')).status).toBe(0);
    await stream.body?.cancel();
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

  it('with a port that another program has, and leaves no database running', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => {
      taken.listen(0, '127.0.0.1', resolve);
    });
    const address = taken.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const data = path.join(folder, 'port');
    const { status, stderr } = await runInterlock(['serve'], { INTERLOCK_DATA: data, INTERLOCK_PORT: port });
    taken.close();
    expect(status).toBe(1);
    expect(stderr).toContain(
      `expected to listen on \`127.0.0.1:${port}\`, got a port that another program has`,
    );
    await expect(stat(path.join(data, 'database', 'postmaster.pid'))).rejects.toThrow('ENOENT');
  });
});
