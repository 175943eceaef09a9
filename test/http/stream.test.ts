import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

interface Stream {
  /** Reads on until what came so far matches. */
  until(wanted: RegExp): Promise<string>;
  close(): void;
  readonly response: Response;
}

async function listen(token: string): Promise<Stream> {
  const abort = new AbortController();
  const response = await fetch(`${server.url}/api/v1/stream`, {
    headers: { authorization: `Bearer ${token}` },
    signal: abort.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    response,
    until: async (wanted) => {
      while (!wanted.test(text)) {
        const chunk = await reader?.read();
        if (!chunk || chunk.done) throw new Error(`the stream ended after: ${text}`);
        text += chunk.value;
      }
      return text;
    },
    close: () => abort.abort(),
  };
}

describe('the stream', () => {
  it('tells what is recorded, by index and object alone', async () => {
    const stream = await listen(server.admin.token);
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.response.headers.get('content-security-policy')).toContain("default-src 'none'");
    await stream.until(/event: reload/);
    await server.account('ana');
    const text = await stream.until(/event: recorded\nid: \d+\ndata: (.*"person\/ana".*)\n\n/);
    const data = JSON.parse(/data: (\{.*"person\/ana".*\})/.exec(text)?.[1] ?? '{}');
    expect(Object.keys(data).toSorted()).toEqual(['index', 'object']);
    stream.close();
  });

  it('goes on after its connection to the database broke, and says that something may be missing', async () => {
    const stream = await listen(server.admin.token);
    await stream.until(/event: reload/);
    const client = new Client({ connectionString: server.context.db.url });
    await client.connect();
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'interlock feed' and datname = current_database()`,
    );
    await client.end();
    await stream.until(/event: reload[^]*event: reload/);
    await server.account('ben');
    await stream.until(/person\/ben/);
    stream.close();
  });

  it('is not opened without end by one person', async () => {
    const { token } = await server.account('carl');
    const streams = await Promise.all(Array.from({ length: 20 }, () => listen(token)));
    expect(streams.every(({ response }) => response.status === 200)).toBe(true);
    expect((await listen(token)).response.status).toBe(429);
    for (const stream of streams) stream.close();
  });
});
