import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measured } from '../kit/check-context.ts';
import { freePort } from '../kit/loopback-process.ts';

const LINUX = process.platform === 'linux';
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-host-'));
  await writeFile(path.join(folder, 'setting'), 'work_mem = 64MB\n');
  await writeFile(path.join(folder, 'number'), '7\n\n');
  await writeFile(path.join(folder, 'bytes'), Buffer.from([0xff, 0xfe, 0]));
  await writeFile(path.join(folder, 'long'), 'x'.repeat(70_000));
  await symlink('setting', path.join(folder, 'link'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const sh = (script: string, of: string) => ({ count: { argv: ['sh', '-c', script], of } });

describe('count', () => {
  it.each<[string, string, Record<string, unknown>, string]>([
    ['echo 254', 'number', { equals: 254 }, 'pass'],
    ['echo 253', 'number', { equals: 254 }, 'fail'],
    ['echo 0', 'number', { atMost: 0 }, 'pass'],
    ['echo 3', 'number', { atLeast: 4 }, 'fail'],
    ['printf "a\\nb\\n\\nc"', 'lines', { equals: 3 }, 'pass'],
    ['true', 'lines', { equals: 0 }, 'pass'],
    ['seq 1 40000', 'lines', { equals: 40_000 }, 'pass'],
    // What is no count at all passes nothing.
    ['true', 'number', { atMost: 5 }, 'unknown'],
    ['echo -1', 'number', { atMost: 5 }, 'unknown'],
    ['echo 1.5', 'number', { atMost: 5 }, 'unknown'],
    ['echo 0x5', 'number', { atMost: 5 }, 'unknown'],
    ['echo 3 rows', 'number', { atMost: 5 }, 'unknown'],
    ['echo 3; exit 1', 'number', { atMost: 5 }, 'unknown'],
    ['false', 'lines', { equals: 0 }, 'unknown'],
    ['echo 3', 'number', {}, 'unknown'],
  ])('%s, %s, %o: %s', async (script, of, range, verdict) => {
    const expected = Object.keys(range).length === 0 ? {} : { expect: range };
    expect(await measured({ ...sh(script, of), ...expected })).toMatchObject({ verdict });
  });
});

describe('file', () => {
  const sha256 = createHash('sha256').update('work_mem = 64MB\n').digest('hex');

  it.each<[string, string, Record<string, unknown> | null, string]>([
    ['setting', 'exists', null, 'pass'],
    ['absent', 'exists', null, 'fail'],
    ['absent', 'exists', { equals: false }, 'pass'],
    ['setting', 'content', { equals: 'work_mem = 64MB' }, 'pass'],
    ['setting', 'content', { equals: 'work_mem = 32MB' }, 'fail'],
    ['link', 'content', { equals: 'work_mem = 64MB' }, 'pass'],
    ['number', 'content', { below: 8 }, 'pass'],
    ['setting', 'sha256', { equals: sha256 }, 'pass'],
    ['number', 'sha256', { equals: sha256 }, 'fail'],
    ['setting', 'bytes', { equals: 16 }, 'pass'],
    ['absent', 'content', { notEquals: 'x' }, 'unknown'],
    ['absent', 'sha256', { notEquals: sha256 }, 'unknown'],
    ['absent', 'bytes', { atMost: 5 }, 'unknown'],
    ['bytes', 'content', { notEquals: 'x' }, 'unknown'],
    ['long', 'content', { notEquals: 'x' }, 'unknown'],
    ['.', 'exists', null, 'unknown'],
    ['setting/x', 'exists', { equals: false }, 'unknown'],
    ['setting', 'content', null, 'unknown'],
  ])('%s, %s, %o: %s', async (name, measure, range, verdict) => {
    const check = { file: { path: path.join(folder, name), measure } };
    expect(await measured({ ...check, ...(range && { expect: range }) })).toMatchObject({ verdict });
  });

  it('is not a device that never ends', async () => {
    const check = { file: { path: '/dev/zero', measure: 'sha256' }, expect: { equals: sha256 } };
    expect(await measured(check)).toMatchObject({ verdict: 'unknown', measurements: [{ verdict: 'error' }] });
  });
});

describe.skipIf(!LINUX)('process (only Linux has /proc)', () => {
  it('is counted by its program and its arguments', async () => {
    const child = spawn('sleep', ['3456.5', '--'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const sleeping = { process: { program: 'sleep', arguments: ['3456.5'] } };
    expect(await measured(sleeping)).toMatchObject({ verdict: 'pass', measurements: [{ value: 1 }] });
    expect(await measured({ ...sleeping, expect: { equals: 0 } })).toMatchObject({ verdict: 'fail' });
    const others = { process: { program: 'sleep', arguments: ['3456.6'] } };
    expect(await measured(others)).toMatchObject({ verdict: 'fail', measurements: [{ value: 0 }] });
    expect(await measured({ ...others, expect: { equals: 0 } })).toMatchObject({ verdict: 'pass' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await measured(sleeping)).toMatchObject({ verdict: 'fail' });
  });

  it('keeps nobody else’s arguments', async () => {
    const code = 'setTimeout(() => 0, 60_000)';
    const child = spawn(process.execPath, ['-e', code, 'hunter2'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const [first] = await measured({ process: { program: 'node', arguments: ['-e', code] } }).then(
      ({ measurements }) => measurements,
    );
    expect(first).toMatchObject({ verdict: 'pass' });
    expect(JSON.stringify(first)).not.toContain('hunter2');
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
});

describe.skipIf(!LINUX)('port (only Linux has /proc/net)', () => {
  let server: Server;
  let six: Server;
  let datagrams: Socket;
  let port = 0;

  beforeAll(async () => {
    port = await freePort();
    server = createServer().listen(port, '127.0.0.1');
    six = createServer().listen(port, '::1');
    datagrams = createSocket('udp4');
    datagrams.bind(port, '127.0.0.1');
    await Promise.all([once(server, 'listening'), once(six, 'listening'), once(datagrams, 'listening')]);
  });
  afterAll(() => {
    server.close();
    six.close();
    datagrams.close();
  });

  it.each<[Record<string, unknown>, string]>([
    [{}, 'pass'],
    [{ protocol: 'udp' }, 'pass'],
    [{ address: '127.0.0.1' }, 'pass'],
    [{ address: '::1' }, 'pass'],
    [{ address: '0:0:0:0:0:0:0:1' }, 'pass'],
    [{ address: '127.0.0.2' }, 'fail'],
    [{ address: '::1', protocol: 'udp' }, 'fail'],
  ])('%o: %s', async (more, verdict) => {
    expect(await measured({ port: { port, ...more } })).toMatchObject({ verdict });
  });

  it('a connection from a port is nobody who listens there', async () => {
    const client = connect(port, '127.0.0.1');
    await once(client, 'connect');
    const from = { port: { port: client.localPort } };
    expect(await measured(from)).toMatchObject({ verdict: 'fail', measurements: [{ value: false }] });
    client.destroy();
  });

  it('nobody listens', async () => {
    const free = { port: { port: await freePort() } };
    expect(await measured(free)).toMatchObject({
      verdict: 'fail',
      measurements: [{ raw: 'nobody listens' }],
    });
    expect(await measured({ ...free, expect: { equals: false } })).toMatchObject({ verdict: 'pass' });
  });
});
