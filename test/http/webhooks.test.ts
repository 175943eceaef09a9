import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Client } from 'pg';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { feedWebhooks } from '../../src/app/webhook/feed.ts';
import { sendWebhooks } from '../../src/app/webhook/send.ts';
import { walkPages } from '../kit/pages.ts';
import { startServer, type TestServer } from '../kit/server.ts';

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

let server: TestServer;
let listener: Server;
let address: string;
let received: Received[] = [];
let status = 200;

beforeAll(async () => {
  server = await startServer();
  listener = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ headers: headersOf(request), body });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((ready) => listener.listen(0, '127.0.0.1', ready));
  address = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/hook`;
});
afterAll(async () => {
  listener.closeAllConnections();
  listener.close();
  await server.stop();
});
beforeEach(async () => {
  for (const { id } of (await admin('GET', '')).body.webhooks) await admin('DELETE', `/${id}`);
  received = [];
  status = 200;
});

const admin = (method: string, rest: string, body?: unknown) =>
  server.ask(method, `/api/v1/webhooks${rest}`, { token: server.admin.token, body });
const add = async (types: readonly string[] = ['person.*'], more = {}) =>
  (await admin('POST', '', { url: address, description: 'the data lake', types, ...more })).body;
const turn = async () => {
  await feedWebhooks(server.context);
  return sendWebhooks(server.context);
};
const headersOf = (request: IncomingMessage) =>
  Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
const typesHeard = () => received.map(({ body }) => JSON.parse(body).type);
const log = async (id: string) => (await admin('GET', `/${id}/deliveries`)).body.deliveries;

/** Time cannot be waited for here. */
async function asOwner(statement: string): Promise<void> {
  const client = new Client({ connectionString: server.context.db.url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
const makeDue = () => asOwner('update webhook_deliveries set next_attempt_at = now()');

describe('what is recorded', () => {
  it('is posted from then on, each once, signed so that another program verifies it', async () => {
    await server.account('before');
    const { id, secret } = await add();
    await server.account('ana');
    await Promise.all([turn(), turn(), turn()]);
    await turn();
    expect(typesHeard()).toEqual(['person.created']);
    const [message] = received;
    const read = new Webhook(secret).verify(message!.body, message!.headers) as Record<string, unknown>;
    expect(read).toMatchObject({ data: { entry: { object: 'person/ana', outcome: 'allow' } } });
    expect(() => new Webhook(secret).verify(`${message!.body} `, message!.headers)).toThrow();
    expect(await log(id)).toMatchObject([
      { id: message!.headers['webhook-id'], state: 'delivered', attempts: [{ status: 200, error: null }] },
    ]);
  });

  it('is not posted where the type is another', async () => {
    await add(['rota.set']);
    await server.account('ben');
    await turn();
    expect(received).toEqual([]);
  });

  it('has its log page by page, the newest first, each message once', async () => {
    const { id } = await add();
    for (const name of ['page-1', 'page-2', 'page-3']) await server.account(name);
    await turn();
    const pages = await walkPages<{ id: string; ledgerIndex: string }>(
      { server, token: server.admin.token },
      { path: `/api/v1/webhooks/${id}/deliveries`, list: 'deliveries', limit: 2 },
    );
    expect(pages.map(({ length }) => length)).toEqual([2, 1]);
    expect(new Set(pages.flat().map((one) => one.ledgerIndex)).size).toBe(3);
  });

  it('comes again, the same message, until it is taken', async () => {
    const { id, secret } = await add();
    status = 500;
    await server.account('cara');
    await turn();
    expect(await turn()).toBe(0);
    status = 204;
    await makeDue();
    expect(await turn()).toBe(1);
    await makeDue();
    await turn();
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([
      received[0]!.headers['webhook-id'],
      received[0]!.headers['webhook-id'],
    ]);
    new Webhook(secret).verify(received[1]!.body, received[1]!.headers);
    const [delivery] = await log(id);
    expect(delivery).toMatchObject({ state: 'delivered', nextAttemptAt: null });
    expect(delivery.attempts.map((one: { status: number }) => one.status)).toEqual([500, 204]);
  });

  it('is given up after the last attempt, and whoever made the endpoint is told', async () => {
    const { id } = await add();
    status = 503;
    await server.account('dora');
    await feedWebhooks(server.context);
    for (let attempt = 0; attempt < 9; attempt += 1) {
      await makeDue();
      await sendWebhooks(server.context);
    }
    expect(await log(id)).toMatchObject([{ state: 'given-up' }]);
    const [endpoint] = (await admin('GET', '')).body.webhooks;
    expect(endpoint).toMatchObject({ id, disabledBecause: 'it took none of 9 attempts' });
    const { notices } = (await server.ask('GET', '/api/v1/notices', { token: server.admin.token })).body;
    expect(notices[0]).toMatchObject({ kind: 'webhook-disabled', about: `webhook/${id}` });
    expect((await server.ledger()).at(-1)).toMatchObject({
      type: 'webhook.disabled',
      object: `webhook/${id}`,
    });
  });

  it('ends at once where the answer is that it is gone', async () => {
    const { id } = await add();
    status = 410;
    await server.account('emil');
    await turn();
    expect((await admin('GET', '')).body.webhooks[0]).toMatchObject({
      id,
      disabledBecause: 'it answered that it is gone',
    });
  });

  it('says why there was no answer', async () => {
    const dead = await admin('POST', '', {
      url: 'http://127.0.0.1:1/',
      description: 'nobody',
      types: ['person.*'],
    });
    await server.account('finn');
    await turn();
    expect((await log(dead.body.id))[0].attempts).toMatchObject([
      { status: null, error: 'expected an answer of `127.0.0.1:1`, got `ECONNREFUSED`' },
    ]);
  });
});

describe('an endpoint', () => {
  it('gets another secret; for a day both verify, then the new one alone', async () => {
    const { id, secret } = await add();
    const other = (await admin('POST', `/${id}/rotate`)).body.secret;
    expect(other).not.toBe(secret);
    await admin('POST', `/${id}/trial`);
    await turn();
    const [message] = received;
    for (const one of [secret, other]) new Webhook(one).verify(message!.body, message!.headers);
    await asOwner(`update webhook_endpoints set rotated_at = now() - interval '25 hours' where id = '${id}'`);
    await admin('POST', `/${id}/deliveries/${message!.headers['webhook-id']}/send`);
    await turn();
    new Webhook(other).verify(received[1]!.body, received[1]!.headers);
    expect(() => new Webhook(secret).verify(received[1]!.body, received[1]!.headers)).toThrow();
  });

  it('stands in no table with its secret', async () => {
    const { secret } = await add();
    const { rows } = await server.context.db.pool.query(
      'select to_json(w)::text as row from webhook_endpoints w',
    );
    expect(rows.map(({ row }) => row).join()).not.toContain(secret.slice('whsec_'.length));
    expect(JSON.stringify(await server.ledger())).not.toContain(secret.slice('whsec_'.length));
  });

  it('is an administrator’s to make, and leads nowhere inside unless the configuration allows it', async () => {
    const ana = (await server.account('gail')).token;
    const asked = { url: address, description: 'mine' };
    expect((await server.ask('POST', '/api/v1/webhooks', { token: ana, body: asked })).status).toBe(403);
    const strict = await startServer({ allowPrivateAddresses: false });
    try {
      const answer = await strict.ask('POST', '/api/v1/webhooks', { token: strict.admin.token, body: asked });
      expect(answer.body).toMatchObject({ code: 'invalid' });
      expect(answer.body.message).toContain('public address');
      expect((await strict.ledger()).at(-1)).toMatchObject({ type: 'webhook.added', outcome: 'deny' });
    } finally {
      await strict.stop();
    }
  });
});
