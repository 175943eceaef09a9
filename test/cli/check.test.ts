import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { typed } from '../kit/command-line.ts';

let folder = '';
let server: Server;
let port = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-check-'));
  server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
  await writeFile(path.join(folder, 'hosts'), 'db-01 illumidesk.com\ndb-02 illumidesk.com\n');
  await plan('sound.yaml', [open('the database answers')], [hosts()]);
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const open = (name: string) => ({ name, tcp: { host: '127.0.0.1', port } });
const hosts = () => ({
  name: 'every host is where it belongs',
  inventory: { file: path.join(folder, 'hosts') },
});
const secret = () => ({
  name: 'the setting',
  postgres: { urlFrom: 'SHOP_DATABASE_URL', query: 'show work_mem' },
  expect: { equals: '8MB' },
});

async function plan(
  name: string,
  preflight: readonly unknown[],
  postchecks: readonly unknown[],
  more: Record<string, unknown> = {},
): Promise<void> {
  const sound = await readFile(new URL('../fixtures/plans/sound.yaml', import.meta.url), 'utf8');
  const document = parseDocument(sound.replace('0'.repeat(64), 'a'.repeat(64)));
  document.set('preflight', preflight);
  document.set('postchecks', postchecks);
  document.set('assumptions', []);
  document.set('watch', []);
  for (const [field, value] of Object.entries(more)) document.set(field, value);
  await writeFile(path.join(folder, name), document.toString());
}

const check = (...argv: readonly string[]) =>
  typed(['check', ...argv], { cwd: folder, environment: { PATH: process.env['PATH'] ?? '' } });

describe('interlock check', () => {
  it('measures every list without a server, and says so in lines', async () => {
    expect(await check('sound.yaml')).toEqual({
      status: 0,
      stdout: [
        'pass     pre-flight · the database answers: a value equal to true wanted; got true',
        'pass     post-check · every host is where it belongs: a value equal to 0 wanted; got 0 (2 hosts looked for among 2)',
        '2 of 2 pass\n',
      ].join('\n'),
      stderr: '',
    });
  });

  it('ends with 1 if a check fails, or cannot be made', async () => {
    const closed = { ...open('nobody listens'), expect: { equals: false } };
    await plan('failing.yaml', [open('the database answers'), closed], [secret()]);
    const ran = await check('failing.yaml');
    expect(ran.status).toBe(1);
    expect(ran.stdout).toMatch(
      /^fail {5}pre-flight · nobody listens: a value equal to false wanted; got true$/m,
    );
    expect(ran.stdout).toMatch(/^unknown {2}post-check · the setting: the variable `SHOP_DATABASE_URL`/m);
    expect(ran.stdout).toContain('1 of 3 pass');
    expect((await check('failing.yaml', '--only', 'postchecks')).stdout).toContain('0 of 1 pass');
  });

  it('waits for no trace of a change that was not made', async () => {
    const errors = {
      name: 'no errors',
      prometheus: { query: 'rate(errors_total[5m])', initialDelay: '5 min', interval: '1 ms' },
      expect: { equals: 0 },
    };
    await plan('patient.yaml', [], [errors]);
    const { status, stdout } = await check('patient.yaml');
    expect(status).toBe(1);
    expect(stdout).toContain('no errors: a Prometheus to ask wanted; none is configured');
  });

  it('measures one list, in lines of JSON with the raw answers', async () => {
    const { status, stdout } = await check('sound.yaml', '--only', 'preflight', '--json');
    expect(status).toBe(0);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([
      {
        list: 'preflight',
        name: 'the database answers',
        verdict: 'pass',
        measurements: [{ value: true, raw: 'connected' }],
      },
    ]);
  });

  it('measures what stands around the steps where that is asked for', async () => {
    const closed = { ...open('nobody listens'), expect: { equals: false } };
    const steps = [
      {
        name: 'start it',
        before: [closed],
        command: ['/bin/true'],
        probe: open('it listens already'),
        after: [open('it listens')],
        estimate: '1 min',
        timeout: '1 min',
        undo: { nothing: 'Nothing was started.' },
      },
    ];
    await plan('around.yaml', [], [], { steps, rollback: { steps: [] } });
    const { status, stdout } = await check('around.yaml', '--only', 'steps');
    expect(status).toBe(1);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^fail {5}step start it, before · nobody listens: /),
      expect.stringMatching(/^pass {5}step start it, probe · it listens already: /),
      expect.stringMatching(/^pass {5}step start it, after · it listens: /),
      '2 of 3 pass',
      '',
    ]);
    const [line = ''] = (await check('around.yaml', '--only', 'steps', '--json')).stdout.split('\n');
    expect(JSON.parse(line)).toMatchObject({
      list: 'steps',
      step: 'start it',
      at: 'before',
      verdict: 'fail',
    });
    expect((await check('around.yaml')).stdout).toBe('no check to measure\n');
  });

  it('no check at all is no success', async () => {
    expect(await check('sound.yaml', '--only', 'watch')).toMatchObject({
      status: 1,
      stdout: 'no check to measure\n',
    });
  });

  it('says where a plan cannot be read, and that a list is none', async () => {
    await plan('wrong.yaml', [{ name: 'two', tcp: { host: 'db-01', port: 1 }, port: { port: 1 } }], []);
    const ran = await check('wrong.yaml');
    expect(ran).toMatchObject({ status: 3, stdout: '' });
    expect(ran.stderr).toMatch(/^wrong\.yaml:\d+:\d+: expected exactly one of .*got `tcp`, `port`/);
    expect((await check('absent.yaml')).status).toBe(3);
    expect((await check('sound.yaml', '--only', 'targets')).status).toBe(3);
  });
});
