import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CarriedOut, procedure } from '../kit/carry-out.ts';
import { freePort } from '../kit/loopback-process.ts';
import { startNamed, startResolver, type TestNamed } from '../kit/named.ts';
import { programPath } from '../kit/programs.ts';

const [FROM, TO] = ['127.0.0.3', '127.0.0.4'];
const NAME = 'docs.shop.example';
const ZONE = `$TTL 300
@ IN SOA ns1.shop.example. ops.shop.example. 7 3600 600 604800 300
@ IN NS ns1.shop.example.
ns1 IN A 127.0.0.1
docs 3600 IN A ${FROM}
`;

let server: TestNamed;
let resolver: TestNamed;
let host: Server;
let status = 200;
let plan: CarriedOut;

const record = () => {
  const words = ['+norecurse', '+noall', '+answer', '-p', String(server.port), '@127.0.0.1', NAME, 'A'];
  const [, ttl, , , address] = execFileSync(programPath('dig'), words, { encoding: 'utf8' })
    .trim()
    .split(/\s+/);
  return [ttl, address];
};

beforeAll(async () => {
  server = await startNamed([{ name: 'shop.example', text: ZONE, updates: true }]);
  resolver = await startResolver(server, 'shop.example');
  const pagePort = await freePort();
  host = createServer((_, response) => response.writeHead(status).end());
  await new Promise<void>((resolve) => {
    host.listen(pagePort, TO, resolve);
  });
  plan = procedure('dns-record', {
    with: {
      server: '127.0.0.1',
      port: server.port,
      resolver: '127.0.0.1',
      resolverPort: resolver.port,
      zone: 'shop.example',
      name: NAME,
      from: FROM,
      to: TO,
      page: `http://${TO}:${pagePort}/`,
      pagePort,
    },
    targets: [{ name: NAME, type: 'dns-record' }],
    env: {
      PATH: [folderOf('dig'), folderOf('nsupdate'), process.env['PATH']].join(':'),
      NSUPDATE_KEY_FILE: server.keyFile,
    },
  });
});
afterAll(async () => {
  plan?.clear();
  host?.close();
  await resolver?.stop();
  await server?.stop();
});

const folderOf = (name: 'dig' | 'nsupdate') => path.dirname(programPath(name));

test('moves the name while its TTL is short, seen from outside, and moves it back', async () => {
  expect(await plan.lint()).toEqual([]);
  expect(await plan.preflight()).toEqual([]);
  const { ok, output } = await plan.dryRun();
  expect(ok, output).toBe(true);
  expect(record()).toEqual(['3600', FROM]);
  const seen: unknown[] = [];
  const carried = await plan.forward(() => void seen.push(record()));
  expect(carried.stopped).toBeNull();
  expect(seen).toEqual([
    ['3600', FROM],
    ['60', FROM],
    ['60', FROM],
    ['60', TO],
    ['60', TO],
  ]);
  expect(await plan.postchecks()).toEqual([]);
  expect(record()).toEqual(['3600', TO]);
  expect((await plan.back(carried)).stopped).toBeNull();
  expect(record()).toEqual(['3600', FROM]);
});

test('does not raise the TTL where the page is broken, and moves the name back', async () => {
  status = 500;
  const carried = await plan.forward();
  expect(carried.stopped).toContain(
    'the page is served under its name: fail: a value equal to 200 wanted; got 500',
  );
  expect(record()).toEqual(['60', TO]);
  expect(await plan.back(carried)).toEqual({
    done: ['change the address back', 'raise the TTL of the old record'],
    stopped: null,
  });
  expect(await plan.preflight()).toEqual([]);
});

test('changes nothing where somebody else has changed the record', async () => {
  const update = `server 127.0.0.1 ${server.port}\nzone shop.example\nupdate add ${NAME} 3600 A 192.0.2.9\nsend\n`;
  execFileSync(programPath('nsupdate'), ['-k', server.keyFile], { input: update });
  expect(await plan.preflight()).toEqual([expect.stringContaining('extra: `192.0.2.9`')]);
  expect((await plan.forward()).stopped).toContain(`as the only address of ${NAME}`);
});
