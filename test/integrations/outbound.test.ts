import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../src/integrations/outbound/address.ts';
import { askOutside, type OutboundRequest } from '../../src/integrations/outbound/request.ts';

let server: Server;
let port: number;
let asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.url === '/hang') return;
    if (request.url === '/long') return void response.end('x'.repeat(2_000));
    if (request.url === '/moved') return void response.writeHead(302, { location: `/landed` }).end();
    response.end('here');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const ask = (url: string, more: Partial<OutboundRequest> = {}) =>
  askOutside({ url, method: 'GET', timeoutMs: 5_000, maxBytes: 1_000, allowPrivate: false, ...more });

describe('addresses that are not public', () => {
  it.each([
    ['127.0.0.1'],
    ['0.0.0.0'],
    ['10.1.2.3'],
    ['100.64.0.1'],
    ['169.254.169.254'],
    ['172.31.255.255'],
    ['192.168.0.1'],
    ['198.18.0.1'],
    ['224.0.0.1'],
    ['255.255.255.255'],
    ['::'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['::ffff:8.8.8.8'],
    ['64:ff9b::7f00:1'],
    ['2002:7f00:1::'],
    ['2001::1'],
    ['fe80::1'],
    ['fc00::1'],
    ['ff02::1'],
    ['not an address'],
    [''],
  ])('%s', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each([['8.8.8.8'], ['172.32.0.1'], ['2606:4700:4700::1111'], ['2a00:1450::1']])('%s is', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );
});

describe('a request to an address that a person gave', () => {
  it.each([
    ['127.0.0.1'],
    ['127.1'],
    ['0x7f000001'],
    ['2130706433'],
    ['017700000001'],
    ['0'],
    ['[::1]'],
    ['[::ffff:127.0.0.1]'],
    ['localhost'],
  ])('does not reach %s', async (host) => {
    asked = [];
    await expect(ask(`http://${host}:${port}/`)).rejects.toMatchObject({
      name: 'OutboundError',
      retry: false,
    });
    expect(asked).toEqual([]);
  });

  it.each([['file:///etc/passwd'], ['gopher://example.org/'], ['ftp://example.org/'], ['nothing']])(
    'does not take %s',
    async (url) => {
      await expect(ask(url, { allowPrivate: true })).rejects.toMatchObject({ retry: false });
    },
  );

  it('takes no name and password in an address', async () => {
    const wrong = ask(`http://ana:secret@127.0.0.1:${port}/`, { allowPrivate: true });
    await expect(wrong).rejects.toThrow('without a name and a password');
    await expect(wrong).rejects.not.toThrow('secret');
  });

  it('goes where the configuration allows it, and follows nothing', async () => {
    asked = [];
    const here = await ask(`http://127.0.0.1:${port}/`, { allowPrivate: true });
    expect(Buffer.from(here.body).toString()).toBe('here');
    const moved = await ask(`http://localhost:${port}/moved`, { allowPrivate: true });
    expect(moved.status).toBe(302);
    expect(asked).toEqual(['GET /', 'GET /moved']);
  });

  it('takes no answer that is too long, and waits for none for ever', async () => {
    await expect(ask(`http://127.0.0.1:${port}/long`, { allowPrivate: true })).rejects.toThrow(
      'at most 1000',
    );
    await expect(
      ask(`http://127.0.0.1:${port}/hang`, { allowPrivate: true, timeoutMs: 200 }),
    ).rejects.toMatchObject({ retry: true });
  });
});
