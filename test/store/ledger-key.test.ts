import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFile, readIfThere, replaceFile } from '../../src/store/durable-file.ts';
import { createLogKey, readLogKey } from '../../src/store/ledger-key.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interlock-key-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const path = () => join(folder, 'below', 'log.key');

test('many that start at once share one key', async () => {
  const keys = await Promise.all(Array.from({ length: 20 }, () => createLogKey(path())));
  expect(new Set(keys.map((key) => key.vkey)).size).toBe(1);
  expect(await readdir(join(folder, 'below'))).toEqual(['log.key']);
});

test('two ledgers have two origins', async () => {
  const [one, two] = [await createLogKey(join(folder, 'a')), await createLogKey(join(folder, 'b'))];
  expect(one.verifier.name).not.toBe(two.verifier.name);
});

test('no file is no key', async () => {
  expect(await readLogKey(path())).toBeNull();
});

test('a key that others can read is not used', async () => {
  await createLogKey(path());
  await chmod(path(), 0o640);
  await expect(readLogKey(path())).rejects.toThrow(`readable by its owner alone (chmod 600), got \`0640\``);
});

test.each([
  ['nothing', () => ''],
  ['half a key', (text: string) => text.slice(0, 60)],
  ['the id of another', (text: string) => text.replace(/\+[0-9a-f]{8}\+/, '+00000000+')],
])('%s is refused without a word of the key', async (_name, spoil) => {
  await createLogKey(path());
  const text = await readFile(path(), 'utf8');
  const seed = text.trim().split('+').slice(4).join('+');
  await writeFile(path(), spoil(text));
  const error = await readLogKey(path()).catch((thrown: unknown) => thrown);
  expect(String(error)).toContain('expected a ');
  expect(String(error)).not.toContain(seed.slice(4, 20));
});

test('a file is made once, replaced whole, and nothing is left beside it', async () => {
  const file = join(folder, 'file');
  expect(await readIfThere(file)).toBeNull();
  expect(await createFile(file, 'one')).toBe(true);
  expect(await createFile(file, 'two')).toBe(false);
  expect(await readFile(file, 'utf8')).toBe('one');
  await Promise.all(['three', 'four', 'five'].map((text) => replaceFile(file, text)));
  expect(['three', 'four', 'five']).toContain(await readFile(file, 'utf8'));
  expect(await readdir(folder)).toEqual(['file']);
});
