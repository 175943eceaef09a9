import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { ask } from '../../src/integrations/prometheus/ask.ts';
import { freePort } from '../kit/loopback-process.ts';

let servers: Server[] = [];

afterEach(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  servers = [];
});

async function serve(listener: RequestListener, port?: number): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  const at = port ?? (await freePort());
  await new Promise<void>((resolve) => {
    server.listen(at, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${at}`;
}

const soon = () => AbortSignal.timeout(5_000);

describe('a question', () => {
  it('goes to the path below the address, with the credentials of the address in a header alone', async () => {
    let seen: IncomingMessage | undefined;
    const url = await serve((request, response) => {
      seen = request;
      response.end('ok');
    });
    const baseUrl = url.replace('//', '//ana:p%40ss@') + '/prometheus/';
    const reply = await ask({ baseUrl, signal: soon() }, '/api/v1/query', { query: 'up{a="b c"} + 1' });
    expect(seen?.url).toBe('/prometheus/api/v1/query?query=up%7Ba%3D%22b+c%22%7D+%2B+1');
    expect(seen?.headers.authorization).toBe(`Basic ${Buffer.from('ana:p@ss').toString('base64')}`);
    expect(reply).toMatchObject({
      answered: true,
      status: 200,
      body: 'ok',
      raw: { request: 'GET /api/v1/query?query=up{a="b c"} + 1', status: 200, body: 'ok', bytes: 2 },
    });
    expect(JSON.stringify(reply)).not.toMatch(/ana|p%40ss|p@ss|127\.0\.0\.1/);
  });

  it('that is long goes as a form', async () => {
    const url = await serve((request, response) => {
      void text(request).then((body) => response.end(`${request.method} ${request.url} ${body.length}`));
    });
    const reply = await ask({ baseUrl: url, signal: soon() }, '/api/v1/query', { query: 'x'.repeat(5_000) });
    expect(reply).toMatchObject({ answered: true, body: 'POST /api/v1/query 5006' });
  });

  it('follows no redirect', async () => {
    const url = await serve((_request, response) => response.writeHead(302, { location: '/login' }).end());
    expect(await ask({ baseUrl: url, signal: soon() }, '/')).toMatchObject({ answered: true, status: 302 });
  });

  it('works again at once when the program was restarted', async () => {
    const port = await freePort();
    const url = await serve((_request, response) => response.end('first'), port);
    expect(await ask({ baseUrl: url, signal: soon() }, '/')).toMatchObject({ body: 'first' });
    const [server] = servers;
    await new Promise((resolve) => {
      server?.close(resolve);
      server?.closeAllConnections();
    });
    await serve((_request, response) => response.end('second'), port);
    expect(await ask({ baseUrl: url, signal: soon() }, '/')).toMatchObject({ body: 'second' });
  });
});

describe('an answer', () => {
  it('is kept up to its limit, and its length is told', async () => {
    const url = await serve((_request, response) => response.end('y'.repeat(100_000)));
    const reply = await ask({ baseUrl: url, signal: soon() }, '/');
    expect(reply.raw.bytes).toBe(100_000);
    expect(reply.raw.body).toHaveLength(65_536);
  });

  it('that never ends is none', async () => {
    const url = await serve((_request, response) => {
      const chunk = 'z'.repeat(1_048_576);
      const more = () => response.write(chunk, () => setImmediate(more));
      more();
    });
    expect(await ask({ baseUrl: url, signal: soon() }, '/')).toMatchObject({
      answered: false,
      because: 'an answer of at most 16777216 bytes wanted; got a longer one',
    });
  });

  it('that does not come is given up, by the time or by the caller', async () => {
    const url = await serve(() => undefined);
    const late = await ask({ baseUrl: url, signal: AbortSignal.timeout(30) }, '/');
    expect(late).toMatchObject({
      answered: false,
      because: expect.stringMatching(/^no answer within \d+ ms$/),
    });
    const given = await ask({ baseUrl: url, signal: AbortSignal.abort() }, '/');
    expect(given).toMatchObject({ answered: false, because: expect.stringMatching(/^it was given up/) });
  });

  it('of an address that is none is an answer too, without the address', async () => {
    const reply = await ask({ baseUrl: 'http://ana:hunter2@[', signal: soon() }, '/');
    expect(reply).toMatchObject({ answered: false, because: 'no answer: its address is not one' });
  });
});
