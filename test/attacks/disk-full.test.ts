import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { startEmbedded, type Embedded } from '../../src/embedded/server.ts';
import { readJournal } from '../../src/runner/read-journal.ts';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { needsRoot } from '../embedded/data-folders.ts';
import { invariants } from '../kit/run-invariants.ts';
import { bastionOf, runThat, type Bastion } from '../kit/runner.ts';
import { CHECK, startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';
import { scratchParent } from '../kit/scratch.ts';

// TRUST.md section 5, attack 60: the disk is full, at the server and at the runner.

const mounted: string[] = [];
afterAll(() => {
  for (const folder of mounted) {
    spawnSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  }
});

function smallDisk(context: TestContext, size: string): string {
  needsRoot(context);
  const folder = mkdtempSync(path.join(scratchParent(), 'interlock-full-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
  context.skip(status !== 0, 'the system does not let this user mount a tmpfs');
  mounted.push(folder);
  return folder;
}

const PAGE = 4_096;

/** Fills a disk to its last byte; gives how room is made again. */
function fill(folder: string): () => void {
  const ballast = path.join(folder, 'ballast');
  for (const bytes of [1024 * 1024, 4 * 1024, 1]) {
    const block = Buffer.alloc(bytes);
    expect(() => {
      for (;;) appendFileSync(ballast, block);
    }).toThrow('ENOSPC');
  }
  return () => rmSync(ballast);
}

describe('the disk of the database is full', () => {
  let embedded: Embedded | null = null;
  let world: RunWorld | null = null;
  afterAll(async () => {
    await world?.server.stop();
    await embedded?.stop();
  });

  it('what cannot be recorded is refused, what was acknowledged stays, and it goes on once there is room', async (context) => {
    const dataDir = smallDisk(context, '160m');
    embedded = await startEmbedded({ dataDir, log: () => undefined, diesWithUs: true });
    const db = openDatabase(embedded.url);
    await migrate(db);
    const drop = () => db.destroy();
    world = await startRunWorld({ rulesOff: ['awareness'], database: { url: embedded.url, db, drop } });
    const { server } = world;
    const make = (name: string) =>
      server.ask('POST', '/api/v1/people', {
        token: server.admin.token,
        body: { name, displayName: name.padEnd(60) },
      });
    const room = fill(dataDir);
    const acknowledged: string[] = [];
    const refused: unknown[] = [];
    for (let n = 0; refused.length < 3; n += 1) {
      expect(n).toBeLessThan(20_000);
      const answers = await Promise.all(Array.from({ length: 16 }, (_, k) => make(`full-${n}-${k}`)));
      for (const { status, body } of answers) {
        if (status === 201) acknowledged.push(body.name);
        else refused.push([status, body.code]);
      }
    }
    expect(new Set(refused.map(String))).toEqual(new Set(['503,unavailable']));
    room();
    await expect.poll(async () => (await make('room-again')).status, { timeout: 30_000 }).toBe(201);
    const { people } = (await server.ask('GET', '/api/v1/people', { token: server.admin.token })).body;
    const names = new Set(people.map(({ name }: { name: string }) => name));
    expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
    const recorded = new Set((await server.ledger()).map(({ object }) => object));
    expect(acknowledged.filter((name) => !recorded.has(`person/${name}`))).toEqual([]);
    await invariants(world);
  });
});

describe('the disk of the runner is full', () => {
  let world: RunWorld;
  let bastion: Bastion;
  beforeAll(async () => {
    world = await startRunWorld({
      rulesOff: ['plan-complete', 'awareness'],
      timing: { heartbeatMs: 250, askAgainMs: 250 },
    });
    bastion = bastionOf(world);
  });
  afterAll(async () => {
    await bastion.clear();
    await world.server.stop();
  });

  it('no step is begun without its intent; the one at work is told of and journaled later; it goes on once there is room', async (context) => {
    const state = smallDisk(context, '1m');
    const at = (name: string) => path.join(bastion.state, name);
    const steps = [
      stepOf('first', {
        command: undefined,
        shell: `echo first >> ${at('done')}; while [ ! -e ${at('go')} ]; do sleep 0.05; done; echo said`,
      }),
      stepOf('second', { command: undefined, shell: `echo second >> ${at('done')}`, idempotent: true }),
    ];
    const change = await world.open({ watch: [], steps, postchecks: [CHECK('all is well')] });
    const runner = bastion.run(change, { env: { INTERLOCK_STATE: state } });
    await runThat(world, change, (run) => run.steps[0]?.state === 'running');
    await expect.poll(() => existsSync(at('done')), { timeout: 20_000 }).toBe(true);
    const [{ id }] = (await world.asRunner('GET', `/api/v1/changes/${change}/runs`)).body.runs;
    const journal = path.join(state, 'runs', id, 'journal.jsonl');
    // A file may grow within its last page on a disk that is full: all but a few bytes of that are blank, so that a line is torn.
    appendFileSync(journal, ' '.repeat(PAGE - (statSync(journal).size % PAGE) - 40));
    const room = fill(state);
    writeFileSync(at('go'), '');
    const held = await runThat(world, change, (run) => run.state === 'held');
    expect(held.steps).toMatchObject([{ state: 'succeeded' }, { state: 'failed' }]);
    expect(held.steps[1]?.because).toContain('ENOSPC');
    expect(readFileSync(at('done'), 'utf8')).toBe('first\n');
    room();
    expect((await world.say(held, 'go-on')).status).toBe(200);
    expect(await runner.ended, runner.text()).toBe(0);
    expect(readFileSync(at('done'), 'utf8')).toBe('first\nsecond\n');
    const { entries } = readJournal(journal);
    const told = entries.map((entry) => `${entry.kind} ${entry.position} ${entry.attempt}`);
    expect(told).toEqual(expect.arrayContaining(['result 0 1', 'intent 1 2', 'begun 1 2', 'result 1 2']));
    await invariants(world);
  });
});
