import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCheckpoint } from '../../src/kernel/ledger/checkpoint.ts';
import { verifyConsistency } from '../../src/kernel/ledger/consistency.ts';
import { leafHash } from '../../src/kernel/ledger/hash.ts';
import { parseVerifierKey } from '../../src/kernel/ledger/key.ts';
import { decodeBundle } from '../../src/kernel/ledger/tile.ts';
import { verifyTlogProof } from '../../src/kernel/ledger/tlog-proof.ts';
import { base64, bytesOf, sha256, verifyEd25519 } from '../kernel/ledger/ed25519.ts';
import { startServer } from '../kit/server.ts';
import type { TestServer } from '../kit/server.ts';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  ({ token } = await server.account('ana', { scopes: ['read'] }));
});
afterAll(() => server.stop());

const get = (path: string) => server.ask('GET', `/api/v1/ledger${path}`, { token });
const post = (path: string) => server.ask('POST', `/api/v1/ledger${path}`, { token });

async function bundle(path: string): Promise<Uint8Array[]> {
  const response = await fetch(`${server.url}/api/v1/ledger/tile/entries/${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const decoded = decodeBundle(new Uint8Array(await response.arrayBuffer()));
  if (!decoded.ok) throw new Error(decoded.because);
  return decoded.entries;
}

describe('the ledger over HTTP', () => {
  test('is a tiled log: key, signed checkpoint, bundles, proofs', async () => {
    expect((await get('/checkpoint')).status).toBe(404);
    const signed = await post('/checkpoint');
    expect(signed.status).toBe(200);
    expect(signed.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect((await get('/checkpoint')).body).toBe(signed.body);

    const key = parseVerifierKey(sha256, (await get('/log.vkey')).body.trim());
    if (!key.ok) throw new Error(key.because);
    const opened = openCheckpoint(bytesOf(signed.body), key.key, verifyEd25519);
    if (!opened.ok) throw new Error(opened.because);
    const entries = await bundle(`000.p/${opened.checkpoint.size}`);
    expect(BigInt(entries.length)).toBe(opened.checkpoint.size);

    const proof = await get('/entries/1/proof');
    const trust = { key: key.key, hash: sha256, verify: verifyEd25519 };
    expect(verifyTlogProof(bytesOf(proof.body), entries[1] ?? new Uint8Array(), trust)).toMatchObject({
      ok: true,
      index: 1n,
    });
    expect(verifyTlogProof(bytesOf(proof.body), entries[0] ?? new Uint8Array(), trust)).toMatchObject({
      ok: false,
    });
  });

  test('gives its entries from the newest back, page by page', async () => {
    const all = (await get('/entries')).body.entries.map(({ index }: { index: string }) => index);
    const first = (await get(`/entries?order=newest&from=${all.at(-1)}&limit=2`)).body;
    expect(first.entries.map(({ index }: { index: string }) => index)).toEqual(all.slice(-2).toReversed());
    const rest = (await get(`/entries?order=newest&from=${first.next}&limit=1000`)).body;
    expect(rest.entries.map(({ index }: { index: string }) => index)).toEqual(all.slice(0, -2).toReversed());
    expect(rest.next).toBeNull();
    const { object } = rest.entries[0].entry;
    const about = (await get(`/entries?order=newest&object=${encodeURIComponent(object)}`)).body.entries;
    expect(new Set(about.map(({ entry }: { entry: { object: string } }) => entry.object))).toEqual(
      new Set([object]),
    );
  });

  test('narrows its entries by type, person, outcome, request and time, page by page', async () => {
    const vera = await server.account('vera', { roles: ['vpe'] });
    const instant = new Date().toISOString();
    await server.account('ben');
    await server.ask('PUT', '/api/v1/people/vera/roles/vpe', { token: vera.token });
    type Found = { index: string; entry: { type: string; object: string; outcome: string; time: string } };
    const found = async (query: string): Promise<Found[]> =>
      (await get(`/entries?limit=1000&${query}`)).body.entries;
    const all = await found('');
    const made = all.filter(({ entry }) => entry.type === 'person.created');
    expect(await found('type=person.created')).toEqual(made);
    expect(await found('type=person.created&order=newest')).toEqual(made.toReversed());
    const late = all.filter(({ entry }) => entry.time >= instant);
    expect(late.length).toBeGreaterThan(2);
    expect(await found(`since=${instant}`)).toEqual(late);
    expect(await found(`until=${instant}`)).toEqual(all.slice(0, -late.length));
    expect(await found('since=2001-01-01T00:00:00Z')).toEqual(all);
    expect(await found('until=2001-01-01T00:00:00Z')).toEqual([]);
    const refused = await found('person=vera&outcome=deny');
    expect(refused.map(({ entry }) => entry.object)).toEqual(['route/PUT /api/v1/people/:name/roles/:role']);
    expect(await found('person=vera&outcome=deny&object=person/ben')).toEqual([]);
    const first = (await get('/entries?type=person.created&order=newest&limit=1')).body;
    expect(first.next).toBe(made.at(-2)?.index);
    const rest = (await get(`/entries?type=person.created&order=newest&from=${first.next}`)).body;
    expect(rest.entries).toEqual(made.toReversed().slice(1));
    const { types } = (await get('/types')).body;
    expect(types).toEqual([...new Set(all.map(({ entry }) => entry.type))].toSorted());
    expect((await get('/entries?outcome=maybe')).status).toBe(400);
    expect((await get('/entries?since=yesterday')).status).toBe(400);
  });

  test('proves that it continues what it was, and never from nothing', async () => {
    const { from, to, fromRoot, toRoot, hashes } = (await get('/consistency?from=1')).body;
    const claim = {
      oldSize: BigInt(from),
      newSize: BigInt(to),
      oldRoot: base64(fromRoot),
      newRoot: base64(toRoot),
    };
    expect(verifyConsistency(sha256, claim, hashes.map(base64))).toEqual({ ok: true });
    expect(BigInt(to)).toBe(BigInt((await server.ledger()).length));
    const [leaf] = await bundle('000.p/1');
    expect(Buffer.from(leafHash(sha256, leaf ?? new Uint8Array())).toString('base64')).toBe(fromRoot);
    expect((await get('/consistency?from=1&to=1')).body).toMatchObject({ toRoot: fromRoot, hashes: [] });
  });

  test('verifies itself on demand', async () => {
    const { status, body } = await post('/verify');
    expect(status).toBe(200);
    expect(body).toMatchObject({ sound: true, whole: true, faults: [] });
    expect(BigInt(body.size)).toBeGreaterThan(0n);
  });

  test('gives entries page by page, and those about one object', async () => {
    const all = await server.ledger();
    const first = (await get('/entries?limit=2')).body;
    expect(first.entries.map((row: { index: string }) => row.index)).toEqual(['0', '1']);
    expect(first.entries.map((row: { entry: unknown }) => row.entry)).toEqual(all.slice(0, 2));
    const rest = (await get(`/entries?from=${first.next}&limit=1000`)).body;
    expect(rest.next).toBeNull();
    expect(rest.entries).toHaveLength(all.length - 2);

    const about = (await get('/entries?object=person/ana')).body.entries;
    expect(about.length).toBeGreaterThan(0);
    expect(new Set(about.map((row: { entry: { object: string } }) => row.entry.object))).toEqual(
      new Set(['person/ana']),
    );
  });

  test.each([
    ['/consistency?from=0', 400],
    ['/consistency?from=0&to=0', 400],
    ['/consistency?from=2&to=1', 400],
    ['/consistency', 400],
    ['/consistency?from=1&to=9223372036854775807', 404],
    ['/entries?from=-1', 400],
    ['/entries?from=01', 400],
    ['/entries?from=9223372036854775808', 400],
    ['/entries?from=1&from=2', 400],
    ['/entries?limit=0', 400],
    ['/entries?limit=1001', 400],
    ['/entries?order=desc', 400],
    ['/entries/x/proof', 400],
    ['/entries/1e3/proof', 400],
    ['/entries/9223372036854775807/proof', 404],
    ['/tile/0/001', 404],
    ['/tile/0/000.p/256', 404],
    ['/tile/0/000.p/255', 404],
    ['/tile/0/x000/000', 404],
    ['/tile/8/000', 404],
    ['/tile/63/000', 404],
    ['/tile/..%2f..%2fpeople', 404],
    ['/tile/', 404],
  ])('%s answers %i', async (path, status) => {
    expect((await get(path)).status).toBe(status);
  });

  test('nothing of it is open to somebody without a token', async () => {
    for (const path of [
      '/checkpoint',
      '/log.vkey',
      '/entries',
      '/entries/0/proof',
      '/consistency?from=1',
      '/tile/0/000.p/1',
    ]) {
      expect((await server.ask('GET', `/api/v1/ledger${path}`)).status, path).toBe(401);
    }
    for (const path of ['/checkpoint', '/verify']) {
      expect((await server.ask('POST', `/api/v1/ledger${path}`)).status, path).toBe(401);
    }
  });
});
