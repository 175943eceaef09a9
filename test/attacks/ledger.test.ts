import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  expectStatus,
  slotIn,
  startChangeWorld,
  type ChangeWorld,
  type OpenedChange,
} from '../kit/changes.ts';
import { DISARM, REBUILD, superuser } from '../kit/ledger.ts';

// TRUST.md section 5, attacks 61 to 66, on a whole server: tampered with, verified over HTTP, and asked to go on. What each does
// to the tree alone, fault by fault, is in test/store/ledger-guards, ledger-tampering, ledger-rollback and ledger-checkpoints;
// forged notes and proofs are in test/kernel/ledger, altered exports in test/store/ledger-other-programs, and a backup restored
// with everything beside it in test/app/ledger-witness.
let world: ChangeWorld;
let change: OpenedChange;
beforeEach(async () => {
  world = await startChangeWorld();
  change = await world.open();
  await world.open();
  await post('checkpoint');
});
afterEach(() => world.server.stop());

const post = (what: 'checkpoint' | 'verify') =>
  world.server.ask('POST', `/api/v1/ledger/${what}`, { token: world.server.admin.token });
const tamper = (statements: string) => superuser(world.server.context.db.url, statements);

/** It is found, and from then on nothing may be scheduled or executed. */
async function foundAs(...codes: string[]): Promise<void> {
  const { body } = await post('verify');
  expect(body.sound).toBe(false);
  expect(new Set(body.faults.map(({ code }: { code: string }) => code))).toEqual(new Set(codes));
  const asked = await change.say(world.ana, '/schedule', { slot: slotIn(600_000) });
  expect(asked).toMatchObject({ status: 503, body: { code: 'ledger_frozen' } });
  expect((await change.show(world.ana)).state).toBe('unscheduled');
  expect((await world.server.ask('GET', '/readyz')).status).toBe(503);
  expect((await post('verify')).body.sound).toBe(false);
}

describe('attacks 61 and 63: by a superuser who switches the triggers off', () => {
  test.each([
    [
      'an entry updated',
      `update ledger_entries set entry = replace(entry, '"allow"', '"deny"') where index = 2`,
      ['entry-altered'],
    ],
    [
      'one byte changed',
      `update ledger_entries set entry = overlay(entry placing '!' from 40 for 1) where index = 2`,
      ['entry-altered'],
    ],
    [
      'the outcome beside an entry, by which lists find it',
      `update ledger_entries set outcome = 'deny' where index = 2`,
      ['column-altered'],
    ],
    ['an entry deleted', 'delete from ledger_entries where index = 2', ['entry-missing']],
    [
      'all truncated',
      `truncate ledger_entries, ledger_nodes, ledger_checkpoints cascade; update ledger_head set size = 0, peaks = '{}'`,
      ['anchor-ahead', 'change-unrecorded'],
    ],
    [
      'two leaves swapped, with their hashes',
      `update ledger_entries set index = 1000000 where index = 2; update ledger_entries set index = 2 where index = 3;
       update ledger_entries set index = 3 where index = 1000000`,
      ['checkpoint-root', 'anchor-root', 'head-root'],
    ],
  ])('%s', async (_name, statements, codes) => {
    await tamper(`${DISARM} ${statements};`);
    await foundAs(...codes);
  });

  test.each([
    'update ledger_entries set entry = entry',
    'delete from ledger_entries',
    'truncate ledger_entries cascade',
  ])('as the application `%s` is refused, and the ledger stays sound', async (statement) => {
    await expect(tamper(`set role interlock_app; ${statement};`)).rejects.toThrow('permission denied');
    expect((await post('verify')).body.sound).toBe(true);
  });
});

test('attack 62: the tail cut, with head and checkpoints made to fit', async () => {
  await tamper(
    `${DISARM} delete from ledger_checkpoints; delete from ledger_entries where index > 3; ${REBUILD}`,
  );
  await foundAs('anchor-ahead', 'change-unrecorded');
});

test('attack 64: a second root for a size that was signed', async () => {
  await tamper(
    `${DISARM} update ledger_entries set entry = replace(entry, '"allow"', '"deny"'), outcome = 'deny' where index = 2; ${REBUILD}`,
  );
  await foundAs('checkpoint-root', 'anchor-root');
  expect(await post('checkpoint')).toMatchObject({ status: 503, body: { code: 'ledger_frozen' } });
});

describe('attack 65: the checkpoint outside the database forged', () => {
  test.each([
    [
      'by its signature line',
      (note: string) => note.replace(/.(?=\n$)/, (last) => (last === 'A' ? 'B' : 'A')),
    ],
    ['with CRLF', (note: string) => note.replaceAll('\n', '\r\n')],
    ['with trailing bytes', (note: string) => `${note}x`],
    ['with leading zeros', (note: string) => note.replace(/\n(\d+)\n/, '\n0$1\n')],
  ])('%s', async (_name, forge) => {
    const { anchorFile } = world.server.context.ledger.book;
    await writeFile(anchorFile, forge(await readFile(anchorFile, 'utf8')));
    await foundAs('anchor-invalid');
  });
});

test('what is kept of a proof of monitoring, on which a decision rests, changed or gone', async () => {
  const body = { environment: 'illumidesk.com', criticality: 'C4', severity: 'S4', estimateMinutes: 1 };
  const question = { token: world.ana.token, body: { ...body, rollbackMinutes: 1 } };
  expectStatus(await world.server.ask('POST', '/api/v1/decisions', question), 200);
  expect((await post('verify')).body.faults).toEqual([]);
  const codes = async () => (await post('verify')).body.faults.map(({ code }: { code: string }) => code);
  const as = (set: string) =>
    tamper(`set session_replication_role = replica; update monitoring_proofs set ${set} where kept`);
  await tamper('create table before as select * from monitoring_proofs where kept');
  const raw = `'[{"raw": [{"body": "up 1"}]}]'::jsonb`;
  for (const set of [`probes = ${raw}`, `thanos = 'fail'`, `proved_at = 'infinity'`]) {
    // Its own digest made to fit, or taken away, does not help: the ledger has it.
    await as(`${set}, digest = null`);
    expect(await codes()).toEqual(['proof-altered']);
    await as('(probes, thanos, proved_at) = (select probes, thanos, proved_at from before)');
    expect(await codes()).toEqual([]);
  }
  await as('id = default');
  await foundAs('proof-missing');
  // Named by its number alone, as once, it bound nothing.
  await tamper(
    `${DISARM} update ledger_entries set entry = regexp_replace(entry, ',"proof":"sha256:[0-9a-f]{64}"', '')`,
  );
  expect(await codes()).toContain('entry-altered');
  expect(await codes()).not.toContain('proof-missing');
});

describe('attack 66: one request left out', () => {
  test('of the database, and of what is kept beside the entries, while the entries stand', async () => {
    await tamper(
      `${DISARM} update ledger_entries set object = 'change/none' where object = 'change/CHG-2';
      set session_replication_role = replica; delete from changes where id = 'CHG-2'`,
    );
    await foundAs('change-missing', 'column-altered');
    const { faults } = (await post('verify')).body;
    expect(faults.at(-1).message).toMatch(
      /^expected CHG-2, which was opened at entry \d+, got no such request$/,
    );
  });

  test('of the ledger: one that was slipped in beside it', async () => {
    await tamper(
      `set session_replication_role = replica; update changes set number = default where id = 'CHG-2'`,
    );
    await foundAs('change-missing', 'change-unrecorded');
  });
});
