import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkContext, measured } from '../kit/check-context.ts';
import { freePort } from '../kit/loopback-process.ts';

let server: Server;
let port = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://shop.example');
    if (pathname === '/hang') return;
    const status = Number(searchParams.get('status') ?? '200');
    response
      .writeHead(status, status === 302 ? { location: '/' } : {})
      .end(searchParams.get('body') ?? 'open');
  });
  port = await freePort();
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
});
afterAll(() => {
  server?.close();
  server?.closeAllConnections();
});

const get = (path: string, more: Record<string, unknown> = {}) => ({
  http: { url: `http://127.0.0.1:${port}${path}`, timeout: '2 s', ...more },
});

describe('http', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
    ['/', {}, {}, 'pass'],
    ['/?status=204', {}, {}, 'pass'],
    ['/?status=302', {}, {}, 'fail'],
    ['/?status=503', {}, {}, 'fail'],
    ['/?status=503', {}, { expect: { equals: 503 } }, 'pass'],
    ['/?status=302', {}, { expect: { equals: 200 } }, 'fail'],
    ['/?body=closed', { measure: 'body' }, { expect: { equals: 'closed' } }, 'pass'],
    ['/?body=closed', { measure: 'body' }, { expect: { equals: 'open' } }, 'fail'],
    ['/?body=open&status=500', { measure: 'body' }, { expect: { equals: 'open' } }, 'unknown'],
    ['/?body=open', { measure: 'body' }, {}, 'unknown'],
    ['/?body=7', { measure: 'body' }, { expect: { below: 8 } }, 'pass'],
    ['/', { measure: 'latencyMs' }, { expect: { below: 2_000 } }, 'pass'],
    ['/?status=500', { measure: 'latencyMs' }, { expect: { below: 2_000 } }, 'unknown'],
    ['/hang', { timeout: '50 ms' }, {}, 'unknown'],
  ])('%s, %o, %o: %s', async (path, more, ranges, verdict) => {
    expect(await measured({ ...get(path, more), ...ranges })).toMatchObject({ verdict });
  });

  it('keeps the answer, and says why there is none', async () => {
    const open = await measured(get('/?status=418&body=teapot'));
    expect(open.measurements[0]).toMatchObject({ value: 418, raw: '418\nteapot' });
    const nobody = await measured({ http: { url: `http://127.0.0.1:${await freePort()}/` } });
    expect(nobody).toMatchObject({
      verdict: 'unknown',
      because: 'an answer wanted; no answer: connection refused',
    });
  });
});

describe('tcp', () => {
  it('open passes, closed fails; the other way round if the plan says so', async () => {
    const open = { tcp: { host: '127.0.0.1', port } };
    const closed = { tcp: { host: '127.0.0.1', port: await freePort() } };
    const wantsClosed = { expect: { equals: false } };
    expect(await measured(open)).toMatchObject({ verdict: 'pass', measurements: [{ value: true }] });
    expect(await measured(closed)).toMatchObject({ verdict: 'fail', measurements: [{ value: false }] });
    expect(await measured({ ...open, ...wantsClosed })).toMatchObject({ verdict: 'fail' });
    expect(await measured({ ...closed, ...wantsClosed })).toMatchObject({ verdict: 'pass' });
  });

  it('a name without an address is unknown, even where closed is wanted', async () => {
    const check = { tcp: { host: 'no-such-host.invalid', port: 1 }, expect: { equals: false } };
    expect(await measured(check)).toMatchObject({ verdict: 'unknown', measurements: [{ verdict: 'error' }] });
  });

  it('no answer in time is unknown', async () => {
    const check = { tcp: { host: '127.0.0.1', port }, expect: { equals: true } };
    const over = checkContext({ signal: AbortSignal.abort() });
    expect(await measured(check, over)).toMatchObject({ verdict: 'unknown', measurements: [] });
  });
});
