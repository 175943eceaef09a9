import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { typed } from '../kit/command-line.ts';
import type { TestAccount } from '../kit/server.ts';

const HOUR_MS = 3_600_000;

let world: ChangeWorld;
let folder: string;
beforeAll(async () => {
  world = await startChangeWorld();
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-cli-calendar-'));
});
afterAll(async () => {
  await world.server.stop();
  await rm(folder, { recursive: true, force: true });
});

const as = (who: TestAccount, ...argv: string[]) =>
  typed(argv, {
    environment: { INTERLOCK_URL: world.server.url, INTERLOCK_TOKEN: who.token, XDG_CONFIG_HOME: folder },
    cwd: folder,
  });
const at = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();

describe('rota', () => {
  it('is overridden, shown at an instant, and as planned again', async () => {
    const { admin } = world.server;
    const ran = await as(
      admin,
      'rota',
      'override',
      'eoc',
      '--person',
      'rolf',
      '--from',
      at(2),
      '--to',
      at(4),
    );
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    const number = /^override (\d+): rolf covers eoc/.exec(ran.stdout)?.[1] ?? '';
    expect((await as(world.ana, 'rota', 'at', at(3))).stdout).toContain('eoc rolf, imoc ira, cmoc nobody');
    expect((await as(world.ana, 'rota', 'overrides')).stdout).toMatch(
      new RegExp(`^${number} +eoc +rolf`, 'm'),
    );
    expect((await as(admin, 'rota', 'end-override', number)).stdout).toContain('no longer covers');
    expect((await as(world.ana, 'rota', 'at', at(3))).stdout).toContain('eoc cora');
    const refused = await as(
      world.ana,
      'rota',
      'override',
      'eoc',
      '--person',
      'ana',
      '--from',
      at(0),
      '--to',
      at(1),
    );
    expect(refused.status).toBe(2);
  });

  it('is handed over to somebody who accepts', async () => {
    const offered = await as(world.cora, 'rota', 'hand-over', 'eoc', '--to', 'rolf');
    expect(offered.stdout).toContain('cora stays on duty until then');
    const id = /HAND-\d+/.exec(offered.stdout)?.[0] ?? '';
    expect((await as(world.rolf, 'rota', 'accept', id)).stdout).toContain('accepted');
    expect((await as(world.ana, 'rota', 'at')).stdout).toContain('eoc rolf');
    expect((await as(world.ana, 'rota', 'hand-overs')).stdout).toContain(id);
  });

  it('from a calendar says what a mapping has to be, and what went wrong', async () => {
    const { admin } = world.server;
    const add = (map: string) =>
      as(admin, 'rota', 'source', 'add', 'cmoc', 'http://127.0.0.1:1/cal.ics', '--map', map);
    expect(await add('cora')).toMatchObject({ status: 3 });
    const { status, stdout } = await add('On call -> Cora -> cora');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^cmoc from 127\.0\.0\.1:1: never read\n {2}the last attempt failed: .*ECONNREFUSED/,
    );
    const [source] = JSON.parse((await as(admin, 'rota', 'source', 'list', '--json')).stdout).sources;
    expect(source.people).toEqual([{ summary: 'On call -> Cora', person: 'cora' }]);
    expect((await as(admin, 'rota', 'source', 'remove', 'cmoc')).status).toBe(0);
    expect((await as(admin, 'rota', 'source')).stdout).toBe('nothing elsewhere sets a rota\n');
  });
});

describe('schedule', () => {
  it('shows conflicts and openings, and takes the slot from whoever acknowledges them', async () => {
    const [other, mine] = [await world.open(), await world.open()];
    const slot = ['--start', at(5), '--minutes', '60'];
    expect((await as(world.ana, 'schedule', mine.id, ...slot, '--tentative')).status).toBe(0);
    for (const [who, role] of [
      [world.rhea, 'reviewer'],
      [world.rolf, 'eoc'],
    ] as const)
      await mine.approve(who, role);
    expect((await as(world.ana, 'schedule', other.id, ...slot, '--tentative')).status).toBe(0);
    const preview = await as(world.ana, 'schedule', mine.id, ...slot, '--openings');
    expect(preview.stdout).toContain(`on the same service: ${other.id}`);
    expect(preview.stdout).toMatch(/openings of this length:\n {2}start/);
    const refused = await as(world.ana, 'schedule', mine.id, ...slot);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain(`got ${other.id}`);
    const taken = await as(world.ana, 'schedule', mine.id, ...slot, '--acknowledge', other.id);
    expect(taken.stdout).toContain(`${mine.id} is scheduled`);
  });
});

describe('calendar', () => {
  it('is a table of slots, locks and shifts', async () => {
    const change = await world.open({ set: { title: 'Seen in the table' } });
    await as(world.ana, 'schedule', change.id, '--start', at(9), '--minutes', '60', '--tentative');
    const { status, stdout } = await as(world.ana, 'calendar', '--to', at(100));
    expect(status).toBe(0);
    expect(stdout).toMatch(
      new RegExp(`C2 \\(tentative\\) +illumidesk\\.com +${change.id} Seen in the table`),
    );
    expect(stdout).toMatch(/eoc +rolf/);
    expect(stdout).toContain('C4 at any time');
  });

  it('workday is a hint where a slot is chosen', async () => {
    const set = (zone: string) =>
      as(world.ben, 'calendar', 'workday', '--zone', zone, '--from', '09:00', '--to', '09:01');
    expect(await set('Mars/Base')).toMatchObject({ status: 3 });
    expect((await set('Europe/Berlin')).stdout).toBe('your working day: 09:00 to 09:01 Europe/Berlin\n');
    const change = await world.open();
    const noon = new Date(Date.now() + 48 * HOUR_MS);
    noon.setUTCHours(12, 0, 0, 0);
    const slot = ['--start', noon.toISOString(), '--minutes', '60'];
    expect((await as(world.ana, 'schedule', change.id, ...slot, '--openings')).stdout).toContain(
      'mind: it begins outside the working day of `ben`',
    );
  });

  it('feed gives addresses once, lists and revokes', async () => {
    const made = await as(world.ana, 'calendar', 'feed', 'create', '--label', 'phone');
    const [all = ''] = made.stdout.split('\n');
    expect((await fetch(all)).headers.get('content-type')).toContain('text/calendar');
    const id = /cal_\S+(?=,)/.exec(made.stderr)?.[0] ?? '';
    const list = await as(world.ana, 'calendar', 'feed', 'list');
    expect(list.stdout).toMatch(new RegExp(`^${id} +in force .*phone$`, 'm'));
    expect(list.stdout).not.toContain('ilc_');
    expect((await as(world.ana, 'calendar', 'feed', 'revoke', id)).stdout).toBe(`${id} revoked\n`);
    expect((await fetch(all)).status).toBe(404);
  });
});
