import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DataFolders, NOBODY, needsRoot, refusal } from './data-folders.ts';

const folders = new DataFolders();
afterAll(() => folders.remove());

describe('one clear line about a data folder', () => {
  it('of another major version', async () => {
    const dataDir = await folders.initialised();
    writeFileSync(join(dataDir, 'database', 'PG_VERSION'), '17\n');
    expect(await refusal({ dataDir })).toContain('expected a data folder of PostgreSQL 18, got version `17`');
  });

  it('that is a file', async () => {
    const dataDir = folders.fresh();
    writeFileSync(dataDir, '');
    expect(await refusal({ dataDir })).toContain(
      `got \`EEXIST\` for \`${dataDir}\`: name another by INTERLOCK_DATA`,
    );
  });

  it('whose path leaves no room for a socket, in the folder for temporary files neither', async () => {
    const deep = join(folders.fresh(), 'b'.repeat(60), 'c'.repeat(60));
    mkdirSync(deep, { recursive: true });
    const said = await refusal({ dataDir: join(deep, 'data'), env: { TMPDIR: deep } });
    expect(said).toContain('expected a path of at most 107 bytes');
    expect(said).toContain('name a shorter data folder by INTERLOCK_DATA');
  });

  it('whose server cannot start for another reason, with the place of the whole story', async () => {
    const dataDir = await folders.initialised();
    const said = await refusal({ dataDir, settings: { work_mem: 'plenty' } });
    expect(said).toContain('got `FATAL:  invalid value for parameter "work_mem": "plenty"`');
    expect(said).toContain(join(dataDir, 'database.log'));
  });

  it('that cannot be written', async (context) => {
    needsRoot(context);
    const dataDir = folders.fresh();
    mkdirSync(dataDir, { mode: 0o755 });
    expect(await refusal({ dataDir, uid: NOBODY })).toContain('expected a data folder that can be written');
  });

  it('that belongs to somebody else', async (context) => {
    needsRoot(context);
    const dataDir = await folders.initialised();
    chmodSync(dataDir, 0o777);
    for (const file of ['lock', 'database.log']) chmodSync(join(dataDir, file), 0o666);
    const said = await refusal({ dataDir, uid: NOBODY });
    expect(said).toContain(`expected a data folder of uid ${NOBODY}, got uid \`0\``);
    expect(said).toContain('start as that user, or name another folder by INTERLOCK_DATA');
  });
});
