import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RawAnswer } from '../../src/contract/monitoring.ts';
import { rotaFilesConnection } from '../../src/integrations/rota-files/rota-files.ts';

const HOUR_MS = 3_600_000;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-rota-files-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();
const period = {
  startDate: at(-1),
  endDate: at(9),
  type: 'default',
  recipient: { type: 'user', name: 'cora@example.com' },
};
const timeline = (more: object = {}) =>
  JSON.stringify({ data: { finalTimeline: { rotations: [{ name: 'all', periods: [period] }] } }, ...more });

/** Looks at a file of this content; written so many hours ago. */
async function look(content: string | Buffer, hoursAgo = 0, raw: RawAnswer[] = []) {
  const file = path.join(folder, 'eoc.json');
  await writeFile(file, content);
  const changed = new Date(Date.now() - hoursAgo * HOUR_MS);
  await utimes(file, changed, changed);
  return ask(file, raw);
}
function ask(file: string, raw: RawAnswer[] = [], schedule = 'eoc') {
  const from = Date.now();
  return rotaFilesConnection({ eoc: file }).offers.onCall!.shifts(
    { schedule, from, to: from + 24 * HOUR_MS, writtenSince: from - 24 * HOUR_MS },
    { signal: AbortSignal.timeout(5_000), note: (one) => void raw.push(one) },
  );
}

it('reads who is on call, and notes what it read', async () => {
  const raw: RawAnswer[] = [];
  const seen = await look(timeline(), 23, raw);
  expect(seen).toMatchObject({ kind: 'seen', found: [{ emails: ['cora@example.com'], because: null }] });
  expect(raw).toEqual([
    { request: 'read eoc', status: null, body: timeline(), bytes: Buffer.byteLength(timeline()) },
  ]);
  expect(await look(timeline({ writtenAt: at(-23) }))).toMatchObject({ kind: 'seen' });
  const connection = rotaFilesConnection({ eoc: path.join(folder, 'eoc.json') });
  expect(await connection.test(AbortSignal.timeout(5_000))).toMatchObject({
    kind: 'taken',
    receipt: expect.stringMatching(/^`eoc` has 1 shifts, written at \d{4}-/),
  });
});

it.each<[string, string | Buffer, number, string]>([
  ['that changed too long ago', timeline(), 25, 'written since'],
  ['that says so itself', timeline({ writtenAt: at(-25) }), 0, 'written since'],
  ['of tomorrow', timeline(), -2, 'written by now'],
  [
    'that says nothing of its time that can be told',
    timeline({ writtenAt: 'yesterday' }),
    0,
    'something else',
  ],
  ['that is cut', timeline().slice(0, -5), 0, 'something else'],
  ['that says who is on call twice', timeline().replace('{', '{"data":{},'), 0, 'something else'],
  ['of another form', '{"eoc":"cora"}', 0, 'something else'],
  ['without anything', '', 0, 'something else'],
  ['that is longer than a rota', Buffer.alloc(2 * 1_048_576 + 1, ' '), 0, '2 MiB'],
])('has nobody on call by a file %s', async (_, content, hoursAgo, because) => {
  expect(await look(content, hoursAgo)).toMatchObject({
    kind: 'refused',
    because: expect.stringContaining(because),
  });
});

it('has nobody on call by what is no file, or is not there, and waits for none', async () => {
  await mkdir(path.join(folder, 'a-folder'));
  execFileSync('mkfifo', [path.join(folder, 'a-pipe')]);
  for (const name of ['a-folder', 'a-pipe', '/dev/zero']) {
    expect(await ask(path.resolve(folder, name))).toMatchObject({
      kind: 'refused',
      because: expect.stringContaining('no file'),
    });
  }
  const gone = await ask(path.join(folder, 'gone.json'));
  expect(gone).toEqual({
    kind: 'refused',
    because: 'expected the file of `eoc` to be readable, got `ENOENT`',
  });
  expect(await ask(path.join(folder, 'eoc.json'), [], 'toString')).toMatchObject({ kind: 'refused' });
});
