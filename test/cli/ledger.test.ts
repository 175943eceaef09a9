import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyWholeLedger } from '../../src/app/ledger.ts';
import { ledgerFiles } from '../../src/app/ledger-files.ts';
import { signLedger } from '../../src/app/ledger-sign.ts';
import type { LedgerSource } from '../../src/cli/ledger-source.ts';
import { runCommand } from '../../src/cli/program.ts';
import { startServer } from '../kit/server.ts';
import type { TestServer } from '../kit/server.ts';
import { DISARM, testLedger } from '../kit/ledger.ts';
import type { TestLedger } from '../kit/ledger.ts';

const NOBODY = 'http://127.0.0.1:1';

let server: TestServer;
let one: TestLedger;
let opened: string[] = [];
beforeAll(async () => {
  server = await startServer();
  one = await testLedger();
  await one.append(300);
});
afterAll(async () => {
  await server.stop();
  await one.drop();
});

async function interlock(...argv: string[]) {
  let stdout = '';
  let stderr = '';
  opened = [];
  const status = await runCommand(['ledger', ...argv], {
    stdout: (text) => void (stdout += text),
    stderr: (text) => void (stderr += text),
    readStdin: async () => '',
    env: { INTERLOCK_URL: url, INTERLOCK_TOKEN: server.admin.token },
    cwd: one.folder,
    interactive: false,
    version: '0',
    programs: {
      serve: () => Promise.reject(new Error('not here')),
      demo: () => Promise.reject(new Error('expected a command that demonstrates nothing')),
      inspect: () => Promise.reject(new Error('not here')),
      openLedger: async () => {
        opened.push('opened');
        return dataFolder();
      },
    },
  });
  return { status, stdout, stderr };
}
let url = NOBODY;

function dataFolder(): LedgerSource {
  return {
    verify: () => verifyWholeLedger(one.ledger),
    files: async function* () {
      yield* ledgerFiles(one.ledger, await signLedger(one.ledger));
    },
    close: async () => void opened.push('closed'),
  };
}

describe('with a running server', () => {
  beforeAll(() => {
    url = server.url;
  });

  test('`ledger verify` asks it, and says what it found', async () => {
    const { status, stdout } = await interlock('verify');
    expect(stdout).toMatch(/^The ledger verifies: \d+ entries, root \S{44}, \d+ checkpoints, /);
    expect(status).toBe(0);
    expect(opened).toEqual([]);
    expect(JSON.parse((await interlock('verify', '--json')).stdout)).toMatchObject({
      sound: true,
      whole: true,
    });
  });

  test('`ledger export` writes the files of a tiled log', async () => {
    const { status, stdout, stderr } = await interlock('export', 'from-server');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const checkpoint = await readFile(join(one.folder, 'from-server/checkpoint'), 'utf8');
    const size = checkpoint.split('\n')[1];
    expect(stdout).toBe(`${size} entries in from-server: log.vkey, checkpoint, tile/\n`);
    const files = await readdir(join(one.folder, 'from-server'), { recursive: true });
    expect(files).toEqual(expect.arrayContaining([`tile/0/000.p/${size}`, `tile/entries/000.p/${size}`]));
    const key = await readFile(join(one.folder, 'from-server/log.vkey'), 'utf8');
    expect(checkpoint).toContain(`\n— ${key.split('+')[0]} `);
  });
});

describe('without a server', () => {
  beforeAll(() => {
    url = NOBODY;
  });

  test('`ledger verify` opens the data folder, says so, and closes it', async () => {
    const { status, stdout, stderr } = await interlock('verify');
    expect(stderr).toBe('No server answers at http://127.0.0.1:1/: reading the data folder.\n');
    expect(stdout).toContain('The ledger verifies: 300 entries');
    expect(status).toBe(0);
    expect(opened).toEqual(['opened', 'closed']);
  });

  test('`ledger export` where a file is, is the mistake of whoever named it', async () => {
    await writeFile(join(one.folder, 'a-file'), 'text');
    const refused = await interlock('export', 'a-file');
    expect(refused.status).toBe(3);
    expect(refused.stderr).toMatch(
      /^interlock: expected a folder that can be written, got `.*a-file`: `ENOTDIR`$/m,
    );
  });

  test('`ledger export` into a folder that is not empty is refused, into its own earlier export it goes on', async () => {
    expect((await interlock('export', 'mine')).status).toBe(0);
    await one.append(1);
    expect((await interlock('export', 'mine')).stdout).toContain('301 entries in mine');

    await mkdir(join(one.folder, 'full'), { recursive: true });
    await writeFile(join(one.folder, 'full/notes.txt'), 'mine');
    const refused = await interlock('export', 'full');
    expect(refused).toMatchObject({ status: 3, stdout: '' });
    expect(refused.stderr).toContain('empty or an earlier export of this log, got `notes.txt` in it');
    expect(await readdir(join(one.folder, 'full'))).toEqual(['notes.txt']);

    await writeFile(join(one.folder, 'mine/log.vkey'), 'other');
    expect((await interlock('export', 'mine')).stderr).toContain('got an export of another log');
  });

  test('what is wrong is told with its place, and exit status 1', async () => {
    await one.superuser(
      `${DISARM} update ledger_entries set entry = replace(entry, 'entry 7', 'entry X') where index = 7;`,
    );
    const { status, stdout } = await interlock('verify');
    expect(stdout).toBe(
      'The ledger does NOT verify:\n  entry-altered 7: expected the entry 7 to give its leaf hash, got other bytes\n',
    );
    expect(status).toBe(1);
  });
});
