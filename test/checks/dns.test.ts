import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkContext, measured } from '../kit/check-context.ts';
import { freePort } from '../kit/loopback-process.ts';
import { startNamed, type TestNamed } from '../kit/named.ts';
import { programPath } from '../kit/programs.ts';

const head = (serial: number) => `$TTL 300
@ IN SOA ns1.shop.example. ops.shop.example. ${serial} 3600 600 604800 300
@ IN NS ns1.shop.example.
ns1 IN A 192.0.2.53
`;
const records = `www 60 IN A 192.0.2.1
www 60 IN A 192.0.2.2
www IN AAAA 2001:DB8::1
alias IN CNAME www
@ IN MX 10 Mail.shop.example.
mail IN A 192.0.2.25
@ IN TXT "v=spf1 -all" "two words"
inner IN NS ns.elsewhere.example.
`;

let right: TestNamed;
let other: TestNamed;

const ownPath = process.env['PATH'];
beforeAll(async () => {
  // Where `npm test` is not what starts this, dig is brought as named is.
  process.env['PATH'] = [ownPath, path.dirname(programPath('dig'))].join(path.delimiter);
  [right, other] = await Promise.all([
    startNamed([
      { name: 'shop.example', text: head(7) + records },
      { name: 'same.example', text: head(7) + records },
      { name: 'serial.example', text: head(7) + records },
      { name: 'closed.example', text: head(7) + records, transfer: 'none' },
      { name: 'keyed.example', text: head(7) + records, transfer: 'key' },
    ]),
    startNamed([
      {
        name: 'shop.example',
        text: `${head(7)}www 60 IN A 192.0.2.1
www 60 IN A 192.0.2.3
www 3600 IN AAAA 2001:db8::1
alias IN CNAME www
@ IN MX 10 mail.shop.example.
mail IN A 192.0.2.25
new IN A 192.0.2.77
inner IN NS ns.elsewhere.example.
`,
      },
      { name: 'same.example', text: head(7) + records },
      { name: 'serial.example', text: head(8) + records },
      { name: 'closed.example', text: head(7) + records },
      { name: 'keyed.example', text: head(7) + records, transfer: 'key' },
    ]),
  ]);
});
afterAll(() => {
  process.env['PATH'] = ownPath;
  return Promise.all([right?.stop(), other?.stop()]);
});

const dns = (name: string, type: string, more: Record<string, unknown> = {}) => ({
  dns: { name, type, server: '127.0.0.1', port: right.port, ...more },
});

describe('dns', () => {
  it.each<[string, string, Record<string, unknown>, Record<string, unknown>, string]>([
    ['www.shop.example', 'A', {}, { expect: { equals: '192.0.2.1, 192.0.2.2' } }, 'pass'],
    ['www.shop.example', 'A', { records: ['192.0.2.2', '192.0.2.1'] }, {}, 'pass'],
    ['www.shop.example', 'A', { records: ['192.0.2.1'] }, {}, 'fail'],
    ['www.shop.example', 'A', { records: ['192.0.2.1', '192.0.2.2', '192.0.2.3'] }, {}, 'fail'],
    ['www.shop.example', 'A', { measure: 'ttl' }, { expect: { atMost: 60 } }, 'pass'],
    ['www.shop.example', 'AAAA', { measure: 'ttl' }, { expect: { atMost: 60 } }, 'fail'],
    ['WWW.shop.EXAMPLE', 'AAAA', { records: ['2001:DB8::1'] }, {}, 'pass'],
    ['alias.shop.example', 'A', { records: ['192.0.2.1', '192.0.2.2'] }, {}, 'pass'],
    ['alias.shop.example', 'CNAME', { records: ['www.shop.example.'] }, {}, 'pass'],
    ['shop.example', 'MX', { records: ['10 MAIL.shop.example.'] }, {}, 'pass'],
    ['shop.example', 'TXT', { records: ['"v=spf1 -all" "two words"'] }, {}, 'pass'],
    // A record that is gone: the server that knows the zone says that there is none.
    ['old.shop.example', 'A', { records: [] }, {}, 'pass'],
    ['www.shop.example', 'TXT', { records: [] }, {}, 'pass'],
    ['www.shop.example', 'A', { records: [] }, {}, 'fail'],
    // Nothing is no value to compare, and a server that only names others knows nothing.
    ['old.shop.example', 'A', {}, { expect: { notEquals: '192.0.2.1' } }, 'unknown'],
    ['old.shop.example', 'A', { measure: 'ttl' }, { expect: { atMost: 60 } }, 'unknown'],
    ['old.inner.shop.example', 'A', { records: [] }, {}, 'unknown'],
    ['www.other.example', 'A', { records: [] }, {}, 'unknown'],
  ])('%s %s, %o, %o: %s', async (...row) => {
    const [name, type, more, ranges, verdict] = row;
    expect(await measured({ ...dns(name, type, more), ...ranges })).toMatchObject({ verdict });
  });

  it('lists what is missing and what is there too many, and keeps the answer', async () => {
    const result = await measured(dns('www.shop.example', 'A', { records: ['192.0.2.1', '192.0.2.9'] }));
    expect(result.because).toContain('missing: `192.0.2.9`; extra: `192.0.2.2`');
    expect(result.measurements[0]?.raw).toMatch(/status: NOERROR.*www\.shop\.example\.\s+60\s+IN\s+A\s+192/s);
  });

  it('nobody answers, or dig is not there', async () => {
    const nobody = dns('www.shop.example', 'A', { port: await freePort(), timeout: '1 s', records: [] });
    expect(await measured(nobody)).toMatchObject({
      verdict: 'unknown',
      measurements: [{ verdict: 'error' }],
    });
    const without = checkContext({ env: { PATH: '/nowhere' } });
    expect((await measured(dns('www.shop.example', 'A', { records: [] }), without)).because).toContain(
      'bind9-dnsutils',
    );
  });

  it('asks the addresses of a server until one answers', async () => {
    const check = dns('www.shop.example', 'A', { server: 'localhost', records: ['192.0.2.1', '192.0.2.2'] });
    expect(await measured(check)).toMatchObject({ verdict: 'pass' });
  });

  it('does not ask a metadata service, whatever its name is written like', async () => {
    for (const server of ['169.254.169.254', '::ffff:169.254.169.254', '0xa9fea9fe', '2852039166'])
      expect((await measured(dns('www.shop.example', 'A', { server }))).because).toContain(
        'no check may ask',
      );
  });
});

const zone = (name: string, more: Record<string, unknown> = {}) => ({
  zone: {
    zone: name,
    server: '127.0.0.1',
    port: right.port,
    against: '127.0.0.1',
    againstPort: other.port,
    ...more,
  },
});

describe('zone', () => {
  it('of two servers is the same', async () => {
    expect(await measured(zone('same.example', { ttl: true }))).toMatchObject({
      verdict: 'pass',
      because: expect.stringContaining('(10 names and types compared, 11 and 11 records)'),
    });
  });

  it('accounts for every record: missing, extra, differing', async () => {
    const result = await measured(zone('shop.example'));
    expect(result).toMatchObject({ verdict: 'fail', measurements: [{ value: 3 }] });
    expect(result.because).toContain('missing: shop.example. TXT ("v=spf1 -all" "two words")');
    expect(result.because).toContain('extra: new.shop.example. A (192.0.2.77)');
    expect(result.because).toContain(
      'differing: www.shop.example. A (192.0.2.1, 192.0.2.2 / 192.0.2.1, 192.0.2.3)',
    );
    expect(result.measurements[0]?.raw).toContain('mail.shop.example. 300 A 192.0.2.25');
  });

  it('the TTL counts only where it is wanted', async () => {
    const result = await measured(zone('shop.example', { ttl: true }));
    expect(result.measurements[0]?.value).toBe(4);
    expect(result.because).toContain(
      'www.shop.example. AAAA (2001:db8::1 (TTL 300) / 2001:db8::1 (TTL 3600))',
    );
  });

  it('what may differ is listed and does not count', async () => {
    const except = ['shop.example. TXT', 'new.shop.example. A', 'www.Shop.example. A'];
    const result = await measured(zone('shop.example', { except }));
    expect(result).toMatchObject({ verdict: 'pass', measurements: [{ value: 0 }] });
    expect(result.because).toContain('extra, as it may: new.shop.example. A');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['serial.example', {}, 'fail'],
    ['serial.example', { serial: 'any' }, 'pass'],
    ['closed.example', {}, 'unknown'],
    ['keyed.example', {}, 'unknown'],
    ['absent.example', {}, 'unknown'],
    ['shop.example', { against: '169.254.169.254' }, 'unknown'],
  ])('%s, %o: %s', async (name, more, verdict) => {
    expect(await measured(zone(name, more))).toMatchObject({ verdict });
  });

  it('of which only a part came is no zone', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'interlock-dig-'));
    const lines = ['shop.example. 300 IN SOA ns1. ops. 7 1 1 1 1', 'www.shop.example. 60 IN A 192.0.2.1'];
    await writeFile(path.join(folder, 'dig'), `#!/bin/sh\ncat <<.\n${lines.join('\n')}\n.\n`, {
      mode: 0o755,
    });
    const context = checkContext({ env: { PATH: `${folder}:/bin:/usr/bin` } });
    const result = await measured(zone('same.example'), context);
    expect(result).toMatchObject({ verdict: 'unknown', because: expect.stringContaining('got a part') });
    await rm(folder, { recursive: true });
  });

  it('is transferred with a key', async () => {
    const check = zone('keyed.example', { keyFile: right.keyFile });
    expect(await measured(check)).toMatchObject({ verdict: 'pass' });
  });
});
