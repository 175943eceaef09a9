import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GuardedCommand } from '../../src/contract/guarded-commands.ts';
import { targetsOf } from '../../src/runner/guard/targets.ts';
import { freePort } from '../kit/loopback-process.ts';
import { bastionOf, type Bastion, type RunnerOptions } from '../kit/runner.ts';
import { startRunWorld, type RunWorld } from '../kit/run-world.ts';

let world: RunWorld;
let bastion: Bastion;
let incident = '';
beforeAll(async () => {
  world = await startRunWorld();
  bastion = bastionOf(world);
  const body = { title: 'the shop is down', severity: 'S1' };
  const opened = await world.server.ask('POST', '/api/v1/incidents', { token: world.ana.token, body });
  incident = String(opened.body.id);
});
afterAll(async () => {
  await bastion.clear();
  await world.server.stop();
});

async function interlock(args: readonly string[], options: RunnerOptions = {}) {
  const runner = bastion.interlock(args, options);
  return { status: await runner.ended, text: runner.text() };
}

async function listed(query = ''): Promise<GuardedCommand[]> {
  const { body } = await world.asRunner('GET', `/api/v1/guarded-commands${query}`);
  return body.commands as GuardedCommand[];
}

/** What the person who works there has not sent. */
function kept(state: string): string[] {
  try {
    return readdirSync(path.join(state, 'guarded'));
  } catch {
    return [];
  }
}

const review = (id: string, token: string, text = 'it was right') =>
  world.server.ask('POST', `/api/v1/guarded-commands/${id}/review`, { token, body: { text } });

const HERE = hostname();

describe('the targets of a command', () => {
  it.each<[string[], string[]]>([
    [['ssh', 'ana@localhost', 'uptime'], ['localhost']],
    [['ssh', '-p', '2222', 'localhost'], ['localhost']],
    [['psql', '--host=127.0.0.2', '-c', 'select 1'], ['127.0.0.2']],
    [['curl', 'http://127.0.0.3:8080/stop'], ['127.0.0.3']],
    [
      ['rsync', '[::1]:5432', '127.0.0.4'],
      ['::1', '127.0.0.4'],
    ],
    [['localhost', '5'], [HERE]],
    [['systemctl', 'restart', 'no-such-name.invalid'], [HERE]],
  ])('%j: %j', async (argv, names) => {
    expect((await targetsOf(argv, [])).map(({ name }) => name)).toEqual(names);
  });

  it('are those that were said, also where one leads nowhere', async () => {
    const [target] = await targetsOf(['ssh', 'localhost'], ['no-such-name.invalid']);
    expect(target).toEqual({ name: 'no-such-name.invalid', addresses: [] });
  });
});

describe('interlock guard', () => {
  it('runs what was confirmed, and has it in the record of the incident, with secrets masked', async () => {
    const argv = ['/bin/sh', '-c', 'echo done; exit 7', '--password', 'hunter2-hunter2', 'localhost'];
    const ran = await interlock(['guard', '--confirm', 'localhost', '--observer', 'rhea', '--', ...argv]);
    expect(ran).toMatchObject({ status: 7, text: expect.stringContaining('done\n') });
    expect(ran.text).toMatch(/on \S+, by hand:\n {2}localhost is (::1|127\.0\.0\.1)/);
    expect(ran.text).not.toContain('this host, for no argument');
    const [newest] = await listed();
    expect(newest).toMatchObject({
      person: 'ben',
      bastion: 'bastion-1',
      incident,
      observer: 'rhea',
      argv: [...argv.slice(0, 4), '[masked]', 'localhost'],
      ended: { exitCode: 7, signal: null },
    });
    expect(kept(bastion.state)).toEqual([]);
    const record = await world.asRunner('GET', `/api/v1/incidents/${incident}`);
    const texts = (record.body.events as { text: string }[]).map(({ text }) => text).join('\n');
    expect(texts).toContain('by hand on bastion-1, target localhost, observed by rhea: "/bin/sh" "-c"');
    expect(JSON.stringify([newest, record.body])).not.toContain('hunter2');
    const entries = (await world.server.ledger()).filter(({ type }) => type === 'guard.reported');
    expect(entries.map(({ reason }) => reason)).toEqual(['begun', 'ended']);
  });

  it('runs nothing where the target that is typed is another one', async () => {
    const before = (await listed()).length;
    const file = path.join(bastion.state, 'never');
    const ran = await interlock([
      'guard',
      '--confirm',
      'localhos',
      '--',
      '/usr/bin/touch',
      file,
      'localhost',
    ]);
    expect(ran).toMatchObject({ status: 2, text: expect.stringContaining('not confirmed: nothing was run') });
    expect(readdirSync(bastion.state)).not.toContain('never');
    expect((await listed()).length).toBe(before);
    const nobody = await interlock(['guard', '--', '/bin/true', 'localhost']);
    expect(nobody).toMatchObject({ status: 3, text: expect.stringContaining('--confirm') });
  });

  it('does not wait for a server that is gone, and hands in later what it wrote down', async () => {
    const before = (await listed()).length;
    const url = `http://127.0.0.1:${await freePort()}`;
    const ran = await interlock(['guard', '--confirm', HERE, '--', '/bin/true'], { url });
    expect(ran.status).toBe(0);
    // Whoever means another host learns that nothing of the command named it.
    expect(ran.text).toMatch(
      /by hand:\n {2}\S+ [^\n]+\n {2}this host, for no argument is a name .* say --target\n/,
    );
    expect(ran.text).toContain(
      'the server was not told of 1 yet; they are kept here: interlock guarded upload',
    );
    expect((await interlock(['guarded', 'upload'], { url })).status).toBe(1);
    expect(kept(bastion.state)).toHaveLength(1);
    expect((await listed()).length).toBe(before);
    expect(await interlock(['guarded', 'upload'])).toMatchObject({ status: 0 });
    expect(kept(bastion.state)).toEqual([]);
    const [newest] = await listed();
    expect(newest).toMatchObject({ targets: [{ name: HERE }], ended: { exitCode: 0 } });
    const entry = (await world.server.ledger()).findLast(({ type }) => type === 'guard.reported');
    expect(entry).toMatchObject({ reason: 'heard of after its end' });
  });

  it('runs where nothing can be written down, says so, and tells the server', async () => {
    const state = path.join(bastion.state, 'full');
    mkdirSync(state);
    writeFileSync(path.join(state, 'guarded'), 'no folder can be made here');
    const ran = await interlock(['guard', '--confirm', HERE, '--', '/bin/echo', 'ran'], {
      env: { INTERLOCK_STATE: state },
    });
    expect(ran).toMatchObject({
      status: 0,
      text: expect.stringContaining('! not written down on this host'),
    });
    expect((await listed())[0]).toMatchObject({ argv: ['/bin/echo', 'ran'], ended: { exitCode: 0 } });
  });

  it('is for bastions, says why a command was not begun, and passes on what ended it', async () => {
    const laptop = await interlock(['guard', '--confirm', HERE, '--', '/bin/true'], {
      env: { INTERLOCK_BASTION_KEY: '' },
    });
    expect(laptop.text).toContain('expected the key of this bastion');
    const absent = await interlock(['guard', '--confirm', HERE, '--', '/no/such/program']);
    expect(absent).toMatchObject({ status: 127, text: expect.stringContaining('the command was not begun') });
    const killed = await interlock(['guard', '--confirm', HERE, '--', '/bin/sh', '-c', 'kill -9 $$']);
    expect(killed.status).toBe(137);
    expect((await listed())[0]?.ended).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
  });
});

describe('what was done by hand', () => {
  it('is reviewed by somebody who neither did it nor looked on, once', async () => {
    const ran = await interlock(['guard', '--confirm', HERE, '--observer', 'rhea', '--', '/bin/true']);
    expect(ran.status).toBe(0);
    const id = (await listed())[0]?.id ?? '';
    expect((await review(id, world.ben.token)).body).toMatchObject({
      code: 'not_permitted',
      message: 'expected somebody who neither did it nor looked on',
    });
    expect((await review(id, world.rhea.token)).body).toMatchObject({ code: 'not_permitted' });
    expect((await review(id, world.ana.token)).body).toMatchObject({
      code: 'not_permitted',
      message: 'expected a reviewer or an EOC or IMOC on duty, got `ana`',
    });
    expect(await review(id, world.cora.token)).toMatchObject({ status: 200, body: { reviewedBy: 'cora' } });
    expect((await review(id, world.ira.token)).body).toMatchObject({ code: 'conflict' });
    expect((await listed()).map((one) => one.id)).not.toContain(id);
    expect((await listed('?open=false')).map((one) => one.id)).toContain(id);
    const shown = await interlock(['guarded', 'list', '--all', '--incident', incident]);
    expect(shown.text).toMatch(new RegExp(`${id} +ben +bastion-1 +${incident} `));
  });

  it('is told to who is on call; no other person takes its key, and what was said stays', async () => {
    const { body } = await world.server.ask('GET', '/api/v1/notices', { token: world.cora.token });
    expect((body.notices as { kind: string }[]).map(({ kind }) => kind)).toContain('guarded-command');
    const key = '018f8f2e-0000-4000-8000-000000000001';
    const report = {
      incident: 'INC-999',
      observer: null,
      targets: [],
      argv: ['/bin/true'],
      startedAt: new Date().toISOString(),
      ended: null,
    };
    const put = (token: string, sent: object) =>
      world.server.ask('PUT', `/api/v1/guarded-commands/by-key/${key}`, {
        token,
        bastion: world.bastion,
        body: sent,
      });
    expect(await put(world.ben.token, report)).toMatchObject({
      status: 200,
      body: { incident: null, ended: null },
    });
    expect((await put(world.ana.token, report)).body).toMatchObject({ code: 'conflict' });
    const end = { exitCode: 0, signal: null, notStarted: null, durationMs: 5 };
    expect((await put(world.ben.token, { ...report, argv: ['/bin/false'], ended: end })).body).toMatchObject({
      argv: ['/bin/true'],
      ended: end,
    });
    const again = await put(world.ben.token, { ...report, ended: { ...end, exitCode: 1 } });
    expect(again.body).toMatchObject({ ended: end });
  });
});
