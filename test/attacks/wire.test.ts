import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { content } from '../kit/attacks.ts';
import { startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { sendPieces } from '../kit/raw-request.ts';

// TRUST.md section 5, attacks 26 and 49, byte by byte: what no client would send.
let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

const raw = (pieces: readonly string[]) => sendPieces(world.server.url, pieces);
const request = (lines: readonly string[], body = '') =>
  [...lines, 'connection: close', '', body].join('\r\n');
const hostOf = () => new URL(world.server.url).host;

describe('49: a host or an address that is not ours', () => {
  it.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1@evil.example',
    'localhost.evil.example',
    '',
    '127.0.0.1, evil.example',
  ])('is not answered by the name `%s`', async (host) => {
    expect(await raw([request(['GET /api/v1/sign-in HTTP/1.1', `host: ${host}`])])).toMatch(
      /^HTTP\/1.1 4(00|21) /,
    );
  });

  it.each([
    '//evil.example',
    '//evil.example/%2e%2e',
    '/\\evil.example',
    'http://evil.example/',
    '/%0d%0alocation:%20http://evil.example',
    '/api/v1/../../etc/passwd',
  ])('is nowhere a browser is sent: %s', async (target) => {
    const answer = await raw([request([`GET ${target} HTTP/1.1`, `host: ${hostOf()}`])]);
    expect(answer).toMatch(/^HTTP\/1.1 [24]\d\d /);
    expect(answer.toLowerCase()).not.toMatch(/\r\n(location|refresh):/);
  });

  it('makes no address that we give out', async () => {
    const answer = await raw([
      request([
        'GET /api/v1/sign-in HTTP/1.1',
        `host: ${hostOf()}`,
        'x-forwarded-host: evil.example',
        'forwarded: host=evil.example',
      ]),
    ]);
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(answer).not.toContain('evil.example');
  });
});

it('26: a request one byte at a time is read as one, and half of one changes nothing', async () => {
  const body = JSON.stringify({ body: 'One byte at a time.' });
  const lines = [
    'POST /api/v1/channel HTTP/1.1',
    `host: ${hostOf()}`,
    `authorization: Bearer ${world.ana.token}`,
    'content-type: application/json',
  ];
  const whole = request([...lines, `content-length: ${body.length}`], body);
  expect(await raw(whole.split(''))).toMatch(/^HTTP\/1.1 201 /);
  const before = await content(world.server);
  expect(
    await raw(request([...lines, 'content-length: 2', 'transfer-encoding: chunked'], body).split('')),
  ).toMatch(/^HTTP\/1.1 400 /);
  expect(await content(world.server)).toEqual(before);
});
