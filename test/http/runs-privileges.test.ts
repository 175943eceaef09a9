import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { privilegesHere } from '../../src/runner/privileges.ts';
import { bastionOf, type Bastion } from '../kit/runner.ts';
import { ENVIRONMENT, startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';

let world: RunWorld;
let host: Bastion;
let plain = '';
let excepted = '';
beforeAll(async () => {
  world = await startRunWorld({ rulesOff: ['plan-complete', 'awareness'] });
  host = bastionOf(world);
  const registered = async (name: string, privileged: boolean) => {
    const body = { name, environment: ENVIRONMENT, privileged };
    const { token } = world.server.admin;
    return String((await world.server.ask('POST', '/api/v1/bastions', { token, body })).body.key);
  };
  plain = await registered('plain', false);
  excepted = await registered('excepted', true);
});
afterAll(async () => {
  await host.clear();
  await world.server.stop();
});

async function started(bastion: string, more: Record<string, unknown>, where = 'runs') {
  const change = await world.open({ watch: [], steps: [stepOf('only')] });
  const body = { ...(await world.body()), ...more };
  const { token } = world.ben;
  return world.server.ask('POST', `/api/v1/changes/${change}/${where}`, { token, bastion, body });
}

describe('a runner with more than the rights of a plain user', () => {
  it.each(['root', 'sudo'])(
    '%s: starts nothing on a bastion, unless that is excepted',
    async (privileges) => {
      for (const where of ['runs', 'waits']) {
        const refused = await started(plain, { privileges }, where);
        expect(refused.body).toMatchObject({ code: 'not_permitted' });
        expect(refused.body.message).toContain('expected a plain user to execute as');
      }
      expect((await world.server.ledger()).at(-1)).toMatchObject({ outcome: 'deny' });
      expect((await started(excepted, { privileges })).status).toBe(200);
    },
  );

  it('is one that does not say what it may', async () => {
    expect((await started(plain, { privileges: undefined })).status).toBe(400);
    expect((await started(plain, { privileges: 'none' })).status).toBe(200);
  });

  it('takes nothing over either', async () => {
    const run = (await started(plain, { privileges: 'none' })).body.run as { id: string };
    const body = {
      idempotencyKey: 'take-over-1',
      multiplexer: 'tmux',
      clock: Date.now(),
      privileges: 'root',
    };
    const asked = { token: world.ben.token, bastion: plain, body };
    const taken = await world.server.ask('POST', `/api/v1/runs/${run.id}/take-over`, asked);
    expect(taken.body.message).toBe('expected a plain user to execute as, got root');
  });
});

describe('on the host itself', () => {
  it('what this user may do is found, and said at the terminal', async () => {
    const here = await privilegesHere();
    expect(here).toBe(process.getuid?.() === 0 ? 'root' : here);
    const change = await world.open({ watch: [], steps: [stepOf('only')] });
    const runner = host.run(change, { env: { INTERLOCK_BASTION_KEY: plain } });
    const status = await runner.ended;
    if (here === 'none') expect(status, runner.text()).toBe(0);
    else {
      expect(status).toBe(2);
      expect(runner.text()).toContain('only a host that is registered as privileged may execute so');
    }
  });

  it('registering it is refused where `sudo -n true` succeeds', async () => {
    // A `sudo` that lets everybody: what is on the path of the person is what is probed.
    const bin = path.join(host.state, 'bin');
    mkdirSync(bin);
    writeFileSync(path.join(bin, 'sudo'), '#!/bin/sh\nexit 0\n');
    chmodSync(path.join(bin, 'sudo'), 0o755);
    const name = hostname().toLowerCase();
    const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, INTERLOCK_TOKEN: world.server.admin.token };
    const args = ['bastion', 'register', name, '--environment', ENVIRONMENT];
    const refused = host.interlock(args, { env });
    expect(await refused.ended).toBe(2);
    expect(refused.text()).toContain('expected a plain user on this host, got');
    const made = host.interlock([...args, '--privileged'], { env });
    expect(await made.ended, made.text()).toBe(0);
  });
});
