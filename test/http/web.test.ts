import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-web-'));
  const webRoot = path.join(folder, 'dist');
  await mkdir(path.join(webRoot, 'assets'), { recursive: true });
  await writeFile(path.join(folder, 'secret.txt'), 'not for you');
  await writeFile(path.join(webRoot, '.env'), 'not for you');
  await writeFile(path.join(webRoot, 'index.html'), '<!doctype html><style nonce="{{nonce}}"></style>');
  await writeFile(path.join(webRoot, 'assets/index-abc.js'), 'export {};');
  await writeFile(path.join(webRoot, 'assets/index-abc.js.br'), brotliCompressSync('export {};'));
  await writeFile(path.join(webRoot, 'favicon.svg'), '<svg/>');
  server = await startServer({ webRoot });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** `fetch` tidies a path before it sends it. */
function raw(where: string): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path: where }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    })
      .on('error', reject)
      .end();
  });
}

describe('the web', () => {
  it.each(['/', '/changes/CHG-12', '/changes?state=scheduled', '/calendar', '/runs', '/runs/RUN-1'])(
    'answers %s with the page',
    async (where) => {
      const { status, headers, body } = await server.ask('GET', where);
      const nonce = /nonce="([A-Za-z0-9+/=]{24})"/.exec(String(body))?.[1];
      expect({ status, nonce }).toEqual({ status: 200, nonce: expect.any(String) });
      expect(headers.get('cache-control')).toBe('no-store');
      const policy = headers.get('content-security-policy')?.split('; ');
      // What draws the terminal of a run is WebAssembly.
      const wasm = where === '/runs/RUN-1' ? " 'wasm-unsafe-eval'" : '';
      expect(policy).toContain(`script-src 'self'${wasm}`);
      expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
    },
  );

  it('gives each page a nonce of its own', async () => {
    const pages = await Promise.all(['/', '/', '/index.html'].map((where) => server.ask('GET', where)));
    expect(new Set(pages.map(({ body }) => body)).size).toBe(3);
  });

  it('sends what was compressed by the build to who takes it', async () => {
    const { headers } = await server.ask('GET', '/assets/index-abc.js', {
      headers: { 'accept-encoding': 'br' },
    });
    expect(headers.get('content-encoding')).toBe('br');
  });

  it('keeps what never changes', async () => {
    const { status, headers } = await server.ask('GET', '/assets/index-abc.js');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('javascript');
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await server.ask('GET', '/favicon.svg')).headers.get('content-type')).toContain('svg');
  });

  it('does not stand in for the API, nor for files that are not there', async () => {
    expect((await server.ask('GET', '/api/v1/nothing')).body.code).toBe('not_found');
    expect((await server.ask('GET', '/assets/gone.js')).status).toBe(404);
    expect((await server.ask('GET', '/gone.png')).status).toBe(404);
    expect((await server.ask('POST', '/changes')).status).toBe(404);
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/..%5csecret.txt',
    '//secret.txt',
    '/.env',
    '/assets/%00',
  ])('gives nothing that lies outside: %s', async (where) => {
    const { text } = await raw(where);
    expect(text).not.toContain('not for you');
  });
});
