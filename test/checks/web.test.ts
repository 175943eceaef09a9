import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pinned, reach } from '../../src/checks/reach.ts';
import { authority, certificate } from '../kit/certificate.ts';
import { checkContext, measured } from '../kit/check-context.ts';
import { freePort } from '../kit/loopback-process.ts';
import { startNginx, type TestNginx } from '../kit/nginx.ts';
import { programPath } from '../kit/programs.ts';

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

let nginx: TestNginx;
let ending: TestNginx;
let folder = '';

const LOCATIONS = `
  location = / { return 200 "open"; }
  location = /state { default_type application/json; return 200 '{"phase":"Running","items":[{"a b":1},{"a b":2.5}],"none":null,"on":true,"nan":"NaN"}'; }
  location = /login { return 200 "<html>Sign in"; }
  location = /moved { return 302 http://169.254.169.254/; }
  location = /broken { return 503 '{"phase":"Running"}'; }
  location = /nothing { return 204; }
`;

beforeAll(async () => {
  const ours = authority('authority.test', inDays(100));
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-web-'));
  await writeFile(path.join(folder, 'ca.pem'), ours.cert);
  [nginx, ending] = await Promise.all([
    startNginx(LOCATIONS, certificate(['shop.example', '*.shop.example', 'localhost'], inDays(400.5), ours)),
    startNginx(LOCATIONS, certificate(['localhost'], inDays(-1), ours)),
  ]);
});
afterAll(async () => {
  await Promise.all([nginx?.stop(), ending?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

const json = (at: string, place = '/state') => ({
  http: { url: `http://127.0.0.1:${nginx.http}${place}`, measure: 'json', path: at },
});

describe('http, one value of its JSON', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['$.phase', { equals: 'Running' }, 'pass'],
    ['$.phase', { equals: 'Failed' }, 'fail'],
    ["$.items[1]['a b']", { below: 3 }, 'pass'],
    ['$["items"][-1]["a b"]', { equals: 2.5 }, 'pass'],
    ['$.on', { equals: true }, 'pass'],
    ['$.none', { notEquals: 'Failed' }, 'unknown'],
    ['$.nan', { notEquals: 3 }, 'unknown'],
    ['$.absent', { notEquals: 'Failed' }, 'unknown'],
    ['$.items[2]', { notEquals: 'Failed' }, 'unknown'],
    ['$.items', { notEquals: 'Failed' }, 'unknown'],
    ['$.phase.length', { equals: 7 }, 'unknown'],
    ['$.__proto__', { notEquals: 'Failed' }, 'unknown'],
  ])('%s, %o: %s', async (at, expected, verdict) => {
    expect(await measured({ ...json(at), expect: expected })).toMatchObject({ verdict });
  });

  it('of what no document holds, but every object has, there is none', async () => {
    const result = await measured({ ...json('$.toString'), expect: { notEquals: 'Failed' } });
    expect(result.because).toBe('a value at `$.toString` wanted; there is none');
  });

  it.each([['/login'], ['/broken'], ['/moved'], ['/nothing']])('%s is no JSON to judge', async (place) => {
    const check = { ...json('$.phase', place), expect: { equals: 'Running' } };
    expect(await measured(check)).toMatchObject({ verdict: 'unknown', measurements: [{ verdict: 'error' }] });
  });

  it.each(['phase', '$..phase', '$.items[*]', '$.items[0:1]', '$.', '$[?(@.a)]'])(
    '%s leads to no one value',
    (at) =>
      expect(() => measured({ http: { url: 'http://127.0.0.1/', measure: 'json', path: at } })).toThrow(
        'expected a path to one value',
      ),
  );

  it('a path goes with JSON, and JSON with a path', () => {
    const url = 'http://127.0.0.1/';
    expect(() => measured({ http: { url, measure: 'json' } })).toThrow('expected a `path`');
    expect(() => measured({ http: { url, path: '$.a' } })).toThrow('expected a `path`');
  });
});

const at = (place: string) => ({ http: { url: `http://127.0.0.1:${nginx.http}${place}` } });

describe('http', () => {
  it('follows no redirect, and takes an answer without a body', async () => {
    expect(await measured(at('/moved'))).toMatchObject({ verdict: 'fail', measurements: [{ value: 302 }] });
    expect(await measured(at('/nothing'))).toMatchObject({ verdict: 'pass' });
  });

  it('trusts no certificate that it need not', async () => {
    const result = await measured({ http: { url: `https://localhost:${nginx.https}/` } });
    expect(result).toMatchObject({ verdict: 'unknown', measurements: [{ verdict: 'error' }] });
  });
});

describe('no check asks a metadata service', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://0xa9fea9fe/',
    'http://2852039166/',
    'http://0251.0376.0251.0376/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'http://100.100.100.200/',
  ])('%s', async (url) => {
    const result = await measured({ http: { url, timeout: '2 s' } });
    expect(result).toMatchObject({
      verdict: 'unknown',
      because: expect.stringContaining('no check may ask'),
    });
  });

  it.each(['169.254.169.254', '0xa9fea9fe', '::ffff:169.254.169.254', 'fe80::1%lo'])(
    '%s by tcp and tls',
    async (host) => {
      const tcp = await measured({ tcp: { host, port: 80 }, expect: { equals: false } });
      expect(tcp).toMatchObject({ verdict: 'unknown', because: expect.stringContaining('no check may ask') });
      const tls = await measured({ tls: { host, names: ['shop.example'] } });
      expect(tls).toMatchObject({ verdict: 'unknown', because: expect.stringContaining('no check may ask') });
    },
  );

  it('a name leads only where it was looked at', async () => {
    const reached = await reach('localhost', AbortSignal.timeout(5_000));
    if (!reached.ok) throw new Error(reached.because);
    expect(reached.addresses.map(({ address }) => address)).toContain('127.0.0.1');
    // Whatever name is connected to: the answer is what was looked at.
    const pin = pinned([{ address: '127.0.0.1', family: 4 }]);
    const socket = connect({ host: 'somewhere.invalid', port: nginx.http, lookup: pin });
    await once(socket, 'connect');
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });

  it('and none sends a name and a password', async () => {
    const result = await measured({ http: { url: `http://ana:hunter2@127.0.0.1:${nginx.http}/` } });
    expect(result.verdict).toBe('unknown');
    expect(JSON.stringify(result)).not.toContain('hunter2');
    expect(await measured({ http: { url: `http://ana@127.0.0.1:${nginx.http}/` } })).toMatchObject({
      verdict: 'unknown',
    });
  });
});

const tls = (more: Record<string, unknown> = {}) => ({
  tls: { host: 'localhost', port: nginx.https, caFile: path.join(folder, 'ca.pem'), ...more },
});

describe('tls', () => {
  it.each<[Record<string, unknown>, Record<string, unknown>, string]>([
    // The certificate has 400 days, the authority that signed it only 100.
    [{}, { expect: { atLeast: 90 } }, 'pass'],
    [{}, { expect: { atLeast: 120 } }, 'fail'],
    [{}, {}, 'unknown'],
    [{ names: ['shop.example', 'www.shop.example'] }, {}, 'pass'],
    [{ names: ['shop.example', 'other.example'] }, {}, 'fail'],
    [{ names: ['a.b.shop.example'] }, {}, 'fail'],
    [{ names: ['shop.example'] }, { expect: { atLeast: 120 } }, 'fail'],
    [{ host: '127.0.0.1', names: ['shop.example'] }, {}, 'fail'],
    [{ host: '127.0.0.1', servername: 'www.shop.example' }, { expect: { atLeast: 90 } }, 'pass'],
    [{ caFile: undefined, names: ['shop.example'] }, {}, 'fail'],
    [{ caFile: '/no/such/file', names: ['shop.example'] }, {}, 'unknown'],
  ])('%o, %o: %s', async (more, ranges, verdict) => {
    expect(await measured({ ...tls(more), ...ranges })).toMatchObject({ verdict });
  });

  it('says which names, how long and why not, and keeps what was shown', async () => {
    const result = await measured({ ...tls({ names: ['other.example'] }), expect: { atLeast: 1 } });
    expect(result.because).toBe(
      'a certificate for `localhost`, `other.example` wanted; it does not hold for `other.example`',
    );
    expect(result.measurements[0]).toMatchObject({
      value: 99,
      raw: expect.stringContaining('DNS:*.shop.example'),
    });
    const over = await measured({ ...tls({ port: ending.https }), expect: { atLeast: -9 } });
    expect(over).toMatchObject({
      verdict: 'fail',
      because: 'a certificate that is trusted wanted; got CERT_HAS_EXPIRED',
    });
  });

  it('what speaks no TLS, or nothing, is an error', async () => {
    for (const port of [nginx.http, await freePort()]) {
      const result = await measured({ ...tls({ port, timeout: '2 s' }), expect: { atLeast: 1 } });
      expect(result).toMatchObject({ verdict: 'unknown', measurements: [{ verdict: 'error' }] });
    }
  });
});

const plugin = (name: string, ...args: string[]) => ({
  command: { argv: [path.join(programPath('monitoring-plugins'), name), ...args] },
});

describe('a plugin of Nagios', () => {
  const context = checkContext();

  it.each<[string, string[], string, string]>([
    ['check_dummy', ['0', 'all is well'], 'pass', 'got 0 (OK): OK: all is well'],
    ['check_dummy', ['1', 'soon full'], 'unknown', 'got 1 (WARNING): WARNING: soon full'],
    ['check_dummy', ['2', 'full'], 'fail', 'got 2 (CRITICAL): CRITICAL: full'],
    ['check_dummy', ['3', 'who knows'], 'unknown', 'got 3 (UNKNOWN): UNKNOWN: who knows'],
  ])('%s %j: %s', async (name, args, verdict, said) => {
    const result = await measured(plugin(name, ...args), context);
    expect(result).toMatchObject({ verdict, because: expect.stringContaining(said) });
  });

  it('asks a real server, with performance data', async () => {
    const open = await measured(plugin('check_tcp', '-H', '127.0.0.1', '-p', String(nginx.http)));
    expect(open).toMatchObject({ verdict: 'pass', because: expect.stringContaining('TCP OK') });
    expect(open.because).not.toContain('|');
    expect(open.measurements[0]?.raw).toContain('|time=');
    const args = ['-H', '127.0.0.1', '-p', String(nginx.http), '-u', '/broken'];
    expect(await measured(plugin('check_http', ...args))).toMatchObject({ verdict: 'fail' });
    const closed = await measured(plugin('check_tcp', '-H', '127.0.0.1', '-p', String(await freePort())));
    expect(closed).toMatchObject({ verdict: 'fail' });
  });
});
