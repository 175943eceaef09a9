import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAs, startChangeWorld, type ChangeWorld, type OpenedChange } from '../kit/changes.ts';
import type { TestAccount } from '../kit/server.ts';

let world: ChangeWorld;
let change: OpenedChange;
beforeAll(async () => {
  world = await startChangeWorld();
  change = await world.open();
});
afterAll(() => world.server.stop());

const PNG = Buffer.from('\x89PNG\r\n\x1a\n and so on', 'latin1');
const TEXT = Buffer.from('2026-11-17 all quiet\n');

/** Sends a file as curl does. */
async function attach(
  id: string,
  [name, type, bytes]: readonly [string, string, Uint8Array],
  { who = world.ben, key }: { readonly who?: TestAccount; readonly key?: string } = {},
) {
  const query = new URLSearchParams({ name });
  const answer = await fetch(`${world.server.url}/api/v1/changes/${id}/attachments?${query.toString()}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${who.token}`,
      'content-type': type,
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    body: Buffer.from(bytes),
  });
  // Tests look into it as into every body.
  // oxlint-disable-next-line typescript/no-explicit-any
  return { status: answer.status, body: (await answer.json()) as any };
}

function fetched(id: string, number: number) {
  return fetch(`${world.server.url}/api/v1/changes/${id}/attachments/${number}`, {
    headers: { authorization: `Bearer ${world.rhea.token}` },
  });
}

const get = (path: string) => world.server.ask('GET', `/api/v1/changes/${path}`, { token: world.rhea.token });

const sha256 = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

describe('an attachment', () => {
  it.each([
    ['shot.png', 'image/png', PNG],
    ['Foto.JPG', 'image/jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
    ['loop.gif', 'image/gif', Buffer.from('GIF89a....')],
    ['report.pdf', 'application/pdf', Buffer.from('%PDF-1.7\n')],
    ['out.log', 'text/plain; charset=utf-8', TEXT],
    ['facts.json', 'application/json', Buffer.from('{"__proto__": 1}')],
    ['plan.yaml', 'application/yaml', Buffer.from('title: Größe\n')],
    ['rows.csv', 'text/csv', Buffer.from('a,b\n')],
    ['fix.patch', 'text/x-diff', Buffer.from('--- a\n+++ b\n')],
  ] as const)('%s comes back byte by byte, to be saved and never shown', async (name, type, bytes) => {
    const from = (await world.server.ledger()).length;
    const { status, body } = await attach(change.id, [name, type, bytes]);
    expect({ status, body }).toMatchObject({ status: 201, body: { name, by: 'ben', digest: sha256(bytes) } });
    expect(await world.recorded(from)).toMatchObject([
      { type: 'change.attached', outcome: 'allow', digests: { attachment: sha256(bytes) } },
    ]);
    const answer = await fetched(change.id, body.number);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-disposition': `attachment; filename="${name}"; filename*=UTF-8''${name}`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    const { attachments } = (await get(`${change.id}/attachments`)).body;
    expect(attachments.at(-1)).toEqual(body);
  });

  it('with a name of other letters is named by RFC 8187', async () => {
    const { body } = await attach(change.id, ["Größe 'é'.txt", 'text/plain', TEXT]);
    expect((await fetched(change.id, body.number)).headers.get('content-disposition')).toBe(
      `attachment; filename="Gr__e '_'.txt"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%27%C3%A9%27.txt`,
    );
  });

  it('that is sent twice with one key is kept once; the key bears no other file', async () => {
    const file = ['twice.txt', 'text/plain', TEXT] as const;
    const first = await attach(change.id, file, { key: 'one-attachment' });
    const rows = await world.rows('attachments');
    expect(await attach(change.id, file, { key: 'one-attachment' })).toEqual(first);
    const other = await attach(change.id, ['twice.txt', 'text/plain', PNG], { key: 'one-attachment' });
    expect(other).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(await world.rows('attachments')).toBe(rows);
  });

  it('is never changed, and never another than its digest says', async () => {
    await attach(change.id, ['kept.txt', 'text/plain', TEXT]);
    await expect(world.asOwner(`update attachments set name = 'other.txt'`)).rejects.toThrow('keeps');
    await expect(world.asOwner('delete from attachments')).rejects.toThrow('keeps');
    await expect(
      world.asOwner(`insert into attachments (change_id, number, name, media_type, bytes, digest, by)
        values ('${change.id}', 99, 'a.txt', 'text/plain', 'b', '${sha256(TEXT)}', 'ana')`),
    ).rejects.toThrow('attachments_check');
  });
});

/** An attachment that is refused: nothing is stored, and the ledger says that it was tried. */
async function refused(id: string, file: readonly [string, string, Uint8Array], who?: TestAccount) {
  const [rows, from] = [await world.rows('attachments'), (await world.server.ledger()).length];
  const answer = await attach(id, file, who && { who });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(await world.rows('attachments')).toBe(rows);
  expect(await world.recorded(from)).toMatchObject([{ outcome: 'deny' }]);
  return answer;
}

describe('attacks by an attachment (TRUST 5)', () => {
  it("10: another change's attachment is not had by its number", async () => {
    const secret = await world.open();
    const { body } = await attach(secret.id, ['secret.txt', 'text/plain', TEXT]);
    const other = await world.open();
    const answer = await fetched(other.id, body.number);
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
    expect((await get(`${other.id}/attachments`)).body).toEqual({ attachments: [] });
    await refused('CHG-9999', ['a.txt', 'text/plain', TEXT]);
  });

  it.each([
    '<img src=x onerror=alert(1)>.png',
    '"onmouseover="alert(1).png',
    'a\u202egnp.exe.png',
    'a\u0000.png',
    'a\r\nset-cookie: x=1.png',
    'zero\u200bwidth.png',
  ])('41: %j is no name', async (name) => {
    // What PostgreSQL cannot hold is refused before it is an act.
    const rows = await world.rows('attachments');
    if (name.includes('\0')) expect((await attach(change.id, [name, 'image/png', PNG])).status).toBe(400);
    else await refused(change.id, [name, 'image/png', PNG]);
    expect(await world.rows('attachments')).toBe(rows);
  });

  it.each([
    ['a.svg', 'image/svg+xml', '<svg onload="alert(1)"/>'],
    ['a.html', 'text/html', '<p>'],
    ['a.txt', 'text/plain', '\n <svg xmlns="x"/>'],
    ['a.txt', 'text/plain', '\ufeff<!DOCTYPE html>'],
    ['a.yaml', 'application/yaml', '<?xml version="1.0"?>'],
    ['a.txt', 'text/plain', '#!/bin/sh\nrm -rf /'],
  ])('41: what a browser or a shell would run is refused: %s as %s, %j', async (name, type, text) => {
    expect((await refused(change.id, [name, type, Buffer.from(text)])).body.code).toBe('invalid');
  });

  it.each([
    ['a.png', 'image/png', TEXT],
    ['a.png', 'text/plain', PNG],
    ['a.txt', 'image/png', PNG],
    ['a.txt', 'text/plain', PNG],
    ['a.jpg', 'image/jpeg', PNG],
    ['a.pdf', 'application/pdf', Buffer.from(' %PDF-1.7')],
    ['a.txt', 'text/plain', Buffer.from('%PDF-1.7')],
    ['a.txt', 'text/plain', Buffer.from('a\0b')],
    ['a.txt', 'text/plain', Buffer.from([0xc3, 0x28])],
    ['a.txt', 'text/plain; charset=utf-7', TEXT],
    ['a.json', 'application/json', TEXT],
    ['a.zip', 'application/zip', Buffer.from('PK\x03\x04')],
    ['a.png.exe', 'application/octet-stream', Buffer.from('MZ')],
    ['a.png', 'image/png', Buffer.from('MZ')],
    ['png', 'image/png', PNG],
    ['a.txt', 'text/plain', Buffer.alloc(0)],
  ] as const)('45: a lie about the type is refused: %s as %s', async (name, type, bytes) => {
    expect((await refused(change.id, [name, type, bytes])).body.code).toBe('invalid');
  });

  it.each([
    '../../etc/cron.d/a.txt',
    '/etc/a.txt',
    String.raw`..\..\a.txt`,
    'C:a.txt',
    '.bashrc.txt',
    '-rf.txt',
    'a.txt ',
    `${'a'.repeat(150)}.txt`,
  ])('45: %s is no name', async (name) => {
    expect((await refused(change.id, [name, 'text/plain', TEXT])).body.code).toBe('invalid');
  });

  it('45: more than there may be is refused: of one file, of all, of their number', async () => {
    const many = await world.open();
    const largest = Buffer.alloc(5 * 1_048_576, 'a');
    const rows = await world.rows('attachments');
    const over = await attach(many.id, ['a.txt', 'text/plain', Buffer.concat([largest, TEXT])]);
    expect(over).toMatchObject({ status: 413, body: { code: 'too_large' } });
    expect(await world.rows('attachments')).toBe(rows);
    await world.asOwner(`insert into attachments (change_id, number, name, media_type, bytes, digest, by)
      select '${many.id}', n, 'a.txt', 'text/plain', b, 'sha256:' || encode(sha256(b), 'hex'), 'ana'
      from generate_series(1, 9) as n, (select convert_to(repeat('a', 5242880), 'UTF8') as b) as large`);
    expect((await attach(many.id, ['a.txt', 'text/plain', largest])).status).toBe(201);
    expect((await refused(many.id, ['a.txt', 'text/plain', TEXT])).body.message).toContain('52428800');
    const full = await world.open();
    await world.asOwner(`insert into attachments (change_id, number, name, media_type, bytes, digest, by)
      select '${full.id}', n, 'a.txt', 'text/plain', 'a', 'sha256:' || encode(sha256('a'), 'hex'), 'ana'
      from generate_series(1, 100) as n`);
    expect((await refused(full.id, ['a.txt', 'text/plain', TEXT])).body.message).toContain('at most 100');
  });

  it('a service attaches to its own request alone', async () => {
    const service = await world.server.account('pipeline', { kind: 'service' });
    const answer = await refused(change.id, ['a.txt', 'text/plain', TEXT], service);
    expect(answer.body).toMatchObject({ code: 'not_permitted' });
    const own = await openAs(world.server, service, {});
    expect((await attach(own.id, ['a.txt', 'text/plain', TEXT], { who: service })).status).toBe(201);
  });
});
