import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildServer } from '../../src/http/server.ts';
import { ELSEWHERE, NAMES, NO_HOOKS, SENSELESS } from '../kit/hook-attacks.ts';
import { SOURCES, type HookSource } from '../kit/hook-sources.ts';
import { startHookWorld, type HookWorld, type Sent } from '../kit/hook-world.ts';
import { sendPieces } from '../kit/raw-request.ts';

// TRUST.md sections 4 and 5, attacks 21 to 30, on every way by which somebody who is not signed in may tell something.
const TELLING = NAMES.filter((name) => ELSEWHERE['24']?.[name] === undefined);
const AT_ONCE = 50;
let hooks: HookWorld;
beforeAll(async () => {
  hooks = await startHookWorld();
});
afterAll(() => hooks.stop());

describe('21: a signature', () => {
  it('that is missing, cut, in other letters, of another version or another secret is none, and is counted', async () => {
    const counted = hooks.unauthenticated();
    let attempts = 0;
    await hooks.onEach('21', async (source, name) => {
      const { headers, body } = hooks.sound(source);
      const right = headers[source.signature]!;
      const [, scheme = '', rest = ''] = /^(Bearer |\w+[=,])?([^]*)$/.exec(right) ?? [];
      const other = source.sign(body, { secret: 'a-secret-of-somebody-else' })[source.signature]!;
      const wrong = [
        '',
        right.slice(0, -1),
        scheme + rest.toUpperCase(),
        `${right}0`,
        `${scheme}${rest.slice(1)}`,
        other,
      ];
      if (scheme !== '') wrong.push(rest, `v2=${rest}`, `sha1=${rest}`);
      for (const signature of wrong)
        await hooks.refused(source, name, { body, headers: { ...headers, [source.signature]: signature } });
      const { [source.signature]: _, ...without } = headers;
      await hooks.refused(source, name, { body, headers: without });
      attempts += wrong.length + 1;
    });
    expect(hooks.unauthenticated() - counted).toBe(attempts);
  });

  it('of one source opens no other, and no name that there is not', async () => {
    await hooks.onEach('21', async (source, name) => {
      for (const other of NAMES) {
        const elsewhere = SOURCES[other];
        // The two of one provider know it by the same scheme, and here by the same secret.
        if (elsewhere.path === source.path || elsewhere.signature === source.signature) continue;
        if (name.startsWith('gitlab') && other.startsWith('gitlab')) continue;
        const { headers, body } = hooks.sound(source);
        await hooks.refused({ ...source, path: elsewhere.path }, `${name} at ${other}`, { headers, body });
      }
      await hooks.refused({ ...source, path: '/api/v1/hooks/caldav' }, name, hooks.sound(source));
    });
  });
});

it('22: a right signature over other bytes is none: changed, written anew, or longer', async () => {
  await hooks.onEach('22', async (source, name) => {
    const { headers, body } = hooks.sound(source);
    const text = String(body);
    const anew = text.startsWith('{') ? JSON.stringify(JSON.parse(text), null, 1) : `${text}&`;
    for (const other of [
      anew,
      `${text} `,
      text.slice(0, -1),
      text.replace(/\d/, (digit) => String(9 - Number(digit))),
    ])
      await hooks.refused(source, name, { headers, body: other });
  });
});

it('23: a signature of another time is none', async () => {
  const second = Math.floor(Date.now() / 1_000);
  await hooks.onEach('23', async (source, name) => {
    const body = source.body(hooks.next());
    for (const at of [second - 302, second + 310, -second, 'now', '', '1e9', second * 1_000])
      await hooks.refused(source, name, { body, headers: source.sign(body, { at: String(at) }) });
  });
});

it('24: one delivery is heard once: at once, under other headers, and by a server that starts anew', async () => {
  const again = await buildServer(hooks.world.server.context, {
    allowedHosts: [],
    metricsOpen: false,
    requestsPerMinute: null,
    webRoot: null,
    version: '0.0.0',
  });
  const url = await again.listen({ host: '127.0.0.1', port: 0 });
  for (const name of TELLING) {
    const source: HookSource = SOURCES[name];
    const sent = hooks.sound(source);
    const before = await hooks.heard();
    const answers = await Promise.all([
      ...Array.from({ length: AT_ONCE }, () => hooks.send(source, sent)),
      hooks.send(source, { ...sent, headers: { ...sent.headers, ...source.unsigned } }),
      hooks.send(source, sent, url),
      hooks.decided(),
    ]);
    for (const answer of answers) if (answer) expect(answer.status, name).toBe(200);
    await hooks.send(source, { ...sent, headers: { ...sent.headers, ...source.unsigned } }, url);
    expect((await hooks.heard()) - before, name).toBe(1);
  }
  await again.close();
});

describe('26: a body', () => {
  it('that is too long is not read, whoever signed it', async () => {
    await hooks.onEach('26', async (source, name) => {
      const body = `${source.body(hooks.next())}${' '.repeat(source.limitBytes)}`;
      expect((await hooks.send(source, { body, headers: source.sign(body) })).status, name).toBe(413);
    });
  });

  it('that is packed is not unpacked, and nothing follows from it', async () => {
    const bomb = gzipSync(Buffer.alloc(32 * 1_048_576));
    const before = await hooks.followed();
    await hooks.onEach(
      '26',
      async (source, name) => {
        const packed = { 'content-encoding': 'gzip' };
        const { status } = await hooks.send(source, {
          body: bomb,
          headers: { ...source.sign(bomb), ...packed },
        });
        expect(status, name).toBeLessThan(500);
        if (source.signature !== 'authorization' && source.signature !== 'x-gitlab-token')
          await hooks.refused(source, name, {
            body: bomb,
            headers: { ...hooks.sound(source).headers, ...packed },
          });
      },
      'apart from what was heard',
    );
    expect(await hooks.followed()).toBe(before);
  });

  it('one byte at a time is read as one, and half of one changes nothing', async () => {
    const bytes = (source: HookSource, { headers, body }: Sent, more: Record<string, string> = {}) => {
      const lines = Object.entries({
        ...headers,
        host: new URL(hooks.world.server.url).host,
        'content-length': String(body.length),
        connection: 'close',
        ...more,
      });
      return [
        `POST ${source.path} HTTP/1.1`,
        ...lines.map(([key, value]) => `${key}: ${value}`),
        '',
        String(body),
      ].join('\r\n');
    };
    await hooks.onEach('26', async (source, name) => {
      const whole = bytes(source, hooks.sound(source));
      expect(
        await sendPieces(hooks.world.server.url, whole.slice(0, -20).split(''), { end: true }),
        name,
      ).not.toMatch(/^HTTP\/1.1 2/);
      const two = bytes(source, hooks.sound(source), { 'transfer-encoding': 'chunked' });
      expect(await sendPieces(hooks.world.server.url, two.split('')), name).not.toMatch(/^HTTP\/1.1 2/);
    });
    const before = await hooks.heard();
    const slowly = TELLING.map((name) =>
      sendPieces(hooks.world.server.url, bytes(SOURCES[name], hooks.sound(SOURCES[name])).split('')),
    );
    const [answers] = await Promise.all([Promise.all(slowly), hooks.decided()]);
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect((await hooks.heard()) - before).toBe(TELLING.length);
  });
});

describe('43: what a peer signs', () => {
  it.each(Object.keys(SENSELESS))('%s: nothing follows', async (kind) => {
    const before = await hooks.followed();
    await hooks.onEach(
      '43',
      async (source, name) => {
        const text = source.body(hooks.next());
        const body = SENSELESS[kind]!(text, !text.startsWith('{'));
        const { status } = await hooks.send(source, { body, headers: source.sign(body) });
        expect([200, 400, 401], name).toContain(status);
      },
      'apart from what was heard',
    );
    expect(await hooks.followed()).toBe(before);
  });

  it('is what its bytes are, whatever kind somebody says they are', async () => {
    for (const name of TELLING) {
      const source: HookSource = SOURCES[name];
      const sent = hooks.sound(source);
      expect((await hooks.send(source, sent)).status, name).toBe(200);
      const before = [await hooks.heard(), await hooks.followed()];
      for (const type of ['text/xml', 'multipart/form-data; boundary=x', 'application/json; charset=utf-16'])
        expect(
          (await hooks.send(source, { ...sent, headers: { ...sent.headers, 'content-type': type } })).status,
          name,
        ).toBe(200);
      expect([await hooks.heard(), await hooks.followed()], name).toEqual(before);
    }
  });
});

it('29: every signature and every secret of a source is compared in constant time, on digests', async () => {
  const src = path.resolve(import.meta.dirname, '../../src');
  const read = (file: string) => readFile(path.join(src, file), 'utf8');
  const schemes = await read('integrations/signatures/schemes.ts');
  const functions = schemes
    .split('export const ')
    .slice(1)
    .filter((one) => /^\w+: Scheme/.test(one));
  expect(functions.length).toBeGreaterThan(6);
  for (const one of functions) expect(one).toMatch(/anySame\(|Signed\(request/);
  expect(await read('integrations/signatures/same.ts')).toContain('timingSafeEqual(hash(');
  expect(await read('app/incident/hear-alerts.ts')).toContain('timingSafeEqual(digest, hash(');
  for (const file of [
    'slack/hears.ts',
    'github/hears.ts',
    'gitlab/hears.ts',
    'gitlab-deployments/heard.ts',
    'github-deployments/connection.ts',
    'terraform/connection.ts',
  ])
    expect(await read(`integrations/${file}`), file).toMatch(
      /import \{[^}]*Signed[^}]*\} from '..\/signatures\/schemes.ts'/,
    );
});

it('25, 27, 28, 30: what needs a peer of its own is tried with it, or makes no sense for the source', async () => {
  for (const name of Object.keys(NO_HOOKS))
    expect((await fetch(`${hooks.world.server.url}/api/v1/hooks/${name}`, { method: 'POST' })).status).toBe(
      401,
    );
  for (const attack of ['25', '27', '28', '30']) {
    expect(Object.keys(ELSEWHERE[attack] ?? {}).toSorted((a, b) => a.localeCompare(b))).toEqual(
      NAMES.toSorted((a, b) => a.localeCompare(b)),
    );
    for (const where of Object.values(ELSEWHERE[attack] ?? {})) {
      if (typeof where === 'string') continue;
      const text = await readFile(path.resolve(import.meta.dirname, '..', where[0]), 'utf8');
      const [file, ...words] = where;
      for (const one of words) expect(text, file).toContain(one);
    }
  }
});
