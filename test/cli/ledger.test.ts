import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../src/cli/program.ts';
import { ledgerSource } from '../../src/inspect.ts';
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
      witness: () => Promise.reject(new Error('not here')),
      inspect: () => Promise.reject(new Error('not here')),
      openLedger: async () => {
        opened.push('opened');
        const of = { kind: 'folder', path: one.folder } as const;
        return { ...ledgerSource(one.ledger), of, close: async () => void opened.push('closed') };
      },
    },
  });
  return { status, stdout, stderr };
}
let url = NOBODY;

describe('with a running server', () => {
  beforeAll(() => {
    url = server.url;
  });

  test('`ledger list` shows who did what, narrowed and page by page', async () => {
    await server.account('ben');
    const { stdout } = await interlock('list', '--type', 'person.created', '--limit', '1');
    expect(stdout).toMatch(
      /^ENTRY +AT +BY +TYPE +ABOUT +OUTCOME +WHY\n\d+ .* admin +person.created +person\/ben +allow /,
    );
    const more = /--from (\d+)/.exec(stdout)?.[1] ?? '';
    expect((await interlock('list', '--type', 'person.created', '--from', more)).stdout).toContain(
      'person/admin',
    );
    expect((await interlock('list', '--person', 'nobody')).stdout).toBe('no such entry\n');
    expect((await interlock('list', '--outcome', 'maybe')).status).toBe(3);
  });

  test('`ledger verify` asks it, and says what it found', async () => {
    const { status, stdout } = await interlock('verify');
    expect(stdout).toMatch(/^The ledger verifies: \d+ entries, root \S{44}, \d+ checkpoints, /);
    expect(status).toBe(0);
    expect(opened).toEqual([]);
    expect(JSON.parse((await interlock('verify', '--json')).stdout)).toMatchObject({
      source: { kind: 'server', url: `${url}/` },
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

describe('proofs that are good without the log', () => {
  beforeAll(async () => {
    url = server.url;
    await server.account('ana');
    await interlock('export', 'kept');
  });

  test('`ledger prove` writes one of an entry, and `check-proof` shows the entry it proves', async () => {
    expect(await interlock('prove', '1', '--to', 'proofs')).toEqual({
      status: 0,
      stdout: 'proofs/1.tlog-proof\n',
      stderr: '',
    });
    url = NOBODY;
    const { status, stdout } = await interlock(
      'check-proof',
      'proofs/1.tlog-proof',
      '--key',
      'kept/log.vkey',
    );
    expect(stdout).toMatch(
      /^Entry 1 stands in the log interlock\.local\/ledger\/\S+ of \d+ entries:\n {2}20\S+Z \S+ /,
    );
    expect({ status, opened }).toEqual({ status: 0, opened: [] });
    url = server.url;
  });

  test.each([
    ['another index', 'index 1\n', 'index 0\n', 'another root'],
    ['another entry', /extra .*/, 'extra e30=', 'another root'],
    ['no entry', /extra .*\n/, '', 'the entry itself'],
    ['a larger size', /\n\n(\S+)\n/, '\n\n$1\n1', 'does not verify'],
  ])('a proof with %s proves nothing', async (_name, from, to, because) => {
    const text = await readFile(join(one.folder, 'proofs/1.tlog-proof'), 'utf8');
    await writeFile(join(one.folder, 'spoilt'), text.replace(from, to));
    const { status, stdout } = await interlock('check-proof', 'spoilt', '--key', 'kept/log.vkey');
    expect(stdout).toMatch(/^NOT proven: /);
    expect(stdout).toContain(because);
    expect(status).toBe(1);
  });

  test('`ledger consistency` proves that a checkpoint continues one that was kept, and no other', async () => {
    const size = (await readFile(join(one.folder, 'kept/checkpoint'), 'utf8')).split('\n')[1] ?? '';
    await server.account('rhea');
    await interlock('export', 'later');
    const later = (await readFile(join(one.folder, 'later/checkpoint'), 'utf8')).split('\n')[1] ?? '';
    expect(BigInt(later)).toBeGreaterThan(BigInt(size));
    const { stdout } = await interlock('consistency', size, later);
    await writeFile(join(one.folder, 'proof.json'), stdout);
    const check = (older: string, newer: string) =>
      interlock('check-consistency', 'proof.json', '--key', 'kept/log.vkey', '--old', older, '--new', newer);
    expect(await check('kept/checkpoint', 'later/checkpoint')).toMatchObject({
      status: 0,
      stdout: `The log of ${later} entries begins with the log of ${size}.\n`,
    });
    expect(await check('later/checkpoint', 'kept/checkpoint')).toMatchObject({ status: 1 });
    await writeFile(join(one.folder, 'proof.json'), stdout.replace(/("hashes":\[")./, '$1_'));
    expect((await check('kept/checkpoint', 'later/checkpoint')).status).toBe(1);
  });

  test('from nothing there is no proof, and none beyond the end', async () => {
    expect(await interlock('consistency', '0')).toMatchObject({ status: 3, stdout: '' });
    expect(await interlock('consistency', '1', '999999')).toMatchObject({ status: 1, stdout: '' });
    expect((await interlock('prove', 'latest')).stderr).toContain(
      'the index of an entry or a request `CHG-1`',
    );
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
    expect(JSON.parse((await interlock('verify', '--json')).stdout)).toMatchObject({
      source: { kind: 'folder', path: one.folder },
      sound: true,
    });
  });

  test('`ledger prove` and `ledger consistency` open it too', async () => {
    expect(await interlock('prove', 'CHG-1', '--to', 'all')).toMatchObject({ status: 0 });
    expect(await readdir(join(one.folder, 'all'))).toHaveLength(300);
    await interlock('export', 'own');
    const checked = await interlock('check-proof', 'all/CHG-1.7.tlog-proof', '--key', 'own/log.vkey');
    expect(checked.stdout).toContain('change/CHG-1 approve allow by local/rhea: entry 7');
    expect(JSON.parse((await interlock('consistency', '7', '300')).stdout)).toMatchObject({
      from: '7',
      to: '300',
    });
    expect((await interlock('consistency', '0')).status).toBe(3);
    expect((await interlock('prove', '300')).status).toBe(1);
  });

  test('`ledger export` where a file is, is the mistake of whoever named it', async () => {
    await writeFile(join(one.folder, 'a-file'), 'text');
    const refused = await interlock('export', 'a-file');
    expect(refused.status).toBe(3);
    expect(refused.stderr).toMatch(
      /^interlock: expected a folder that can be written, got `.*a-file`: `ENOTDIR`$/m,
    );
  });

  test.each([
    ['export', '/proc/x/deeper'],
    ['prove', '7', '--to', '/proc/x'],
  ])('`ledger %s` where no folder can be made is refused before anybody is asked', async (...argv) => {
    const refused = await interlock(...argv);
    expect(refused).toMatchObject({ status: 3, stdout: '' });
    expect(refused.stderr).toBe(
      `interlock: expected a folder that can be written, got \`${argv.at(-1)}\`: \`ENOENT\`\n`,
    );
    expect(opened).toEqual([]);
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
