import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freezeScript } from '../../src/runner/script.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'interlock-script-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a script that two steps use is frozen twice, also while what was frozen first still runs', async () => {
  copyFileSync('/bin/sleep', path.join(folder, 'nap'));
  const sha256 = createHash('sha256')
    .update(readFileSync(path.join(folder, 'nap')))
    .digest('hex');
  const scripts = path.join(folder, 'scripts');
  const first = await freezeScript({ path: 'nap', sha256 }, folder, scripts);
  if (!first.ok) throw new Error(first.because);
  const running = spawn(first.path, ['60']);
  await once(running, 'spawn');
  expect(await freezeScript({ path: 'nap', sha256 }, folder, scripts)).toEqual(first);
  expect(readdirSync(scripts)).toEqual([path.basename(first.path)]);
  running.kill('SIGKILL');
  await once(running, 'exit');
});
