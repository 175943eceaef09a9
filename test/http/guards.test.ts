import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ allowedHosts: ['interlock.example.com'] });
});
afterAll(() => server.stop());

/** `fetch` sets the Host header itself. */
function statusWithHost(host: string): Promise<number> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path: '/healthz', headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('the host header', () => {
  it.each(['localhost', '127.0.0.1:8420', '[::1]:8420', 'LOCALHOST', 'interlock.example.com'])(
    'may be %s',
    async (host) => {
      expect(await statusWithHost(host)).toBe(200);
    },
  );

  it.each([
    'evil.example',
    'localhost.evil.example',
    'interlock.example.com.evil.example',
    '127.0.0.2',
    'localhost@evil.example',
  ])('may not be `%s`', async (host) => {
    expect(await statusWithHost(host)).toBe(421);
  });
});

describe('every answer', () => {
  it('bears the headers that keep a browser from being misled', async () => {
    for (const path of ['/healthz', '/', '/api/v1/me', '/nowhere']) {
      const { headers } = await server.ask('GET', path);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
    expect((await server.ask('GET', '/api/v1/me')).headers.get('cache-control')).toBe('no-store');
  });

  it('that asks who one is says how one proves it', async () => {
    const { status, headers } = await server.ask('GET', '/api/v1/me');
    expect({ status, how: headers.get('www-authenticate') }).toEqual({ status: 401, how: 'Bearer' });
    expect((await server.ask('GET', '/healthz')).headers.get('www-authenticate')).toBeNull();
  });

  it('is not moved to another address by a header', async () => {
    const forged = { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1', forwarded: 'for=127.0.0.1' };
    const { token } = await server.account('ana');
    const me = await server.ask('GET', '/api/v1/me', { token, headers: forged });
    expect(me.body.host).toBeNull();
  });
});

const post = (body: string, type = 'application/json') =>
  fetch(`${server.url}/api/v1/people`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.admin.token}`, 'content-type': type },
    body,
  }).then(async (answer) => ({
    status: answer.status,
    code: ((await answer.json()) as { code: string }).code,
  }));

describe('a body', () => {
  it.each([
    ['that is no JSON', '{', 'application/json', { status: 400, code: 'invalid' }],
    ['that is empty', '', 'application/json', { status: 400, code: 'invalid' }],
    [
      'of another type',
      'name=ana',
      'application/x-www-form-urlencoded',
      { status: 415, code: 'unsupported_media_type' },
    ],
    [
      'of plain text, be it JSON too',
      '{"name":"m","displayName":"M"}',
      'text/plain;charset=UTF-8',
      { status: 415, code: 'unsupported_media_type' },
    ],
    [
      'that claims a prototype',
      '{"__proto__":{"admin":true}}',
      'application/json',
      { status: 400, code: 'invalid' },
    ],
    [
      'larger than a megabyte',
      `"${'x'.repeat(1_100_000)}"`,
      'application/json',
      { status: 413, code: 'too_large' },
    ],
    [
      'with fields of its own',
      '{"name":"m","displayName":"M","roles":["vpe"]}',
      'application/json',
      { status: 400, code: 'invalid' },
    ],
    [
      'with a list where a name belongs',
      '{"name":["m"],"displayName":"M"}',
      'application/json',
      { status: 400, code: 'invalid' },
    ],
  ])('%s is refused', async (_name, body, type, wanted) => {
    expect(await post(body, type)).toEqual(wanted);
  });

  it('that is not valid is answered with the place and what was expected', async () => {
    const { body } = await server.ask('POST', '/api/v1/people', {
      token: server.admin.token,
      body: { name: 'Not A Name', displayName: '' },
    });
    expect(body).toMatchObject({
      code: 'invalid',
      problems: [
        { path: 'body/name', message: 'expected an account name such as `ana`' },
        { path: 'body/displayName' },
      ],
    });
  });
});

describe('/metrics', () => {
  it('counts requests and refusals in Prometheus’ format', async () => {
    await server.ask('GET', '/api/v1/me');
    const { headers, body } = await server.ask('GET', '/metrics');
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body).toMatch(
      /^interlock_http_requests_total\{method="GET",route="\/api\/v1\/me",status="401"\} [1-9]/m,
    );
    expect(body).toMatch(
      /^interlock_http_request_seconds_bucket\{method="GET",route="\/healthz",le="\+Inf"\} [1-9]/m,
    );
    expect(body).toMatch(/^interlock_unauthenticated_total [1-9]/m);
    expect(body).not.toMatch(/ilk_|ils_/);
  });
});
