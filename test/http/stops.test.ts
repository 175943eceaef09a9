import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runnerTransport } from '../../src/cli/runner-transport.ts';
import { typed } from '../kit/command-line.ts';
import { runInterlock } from '../kit/interlock-process.ts';
import { ENVIRONMENT, startRunWorld, type RunWorld } from '../kit/run-world.ts';
import type { TestAccount, TestServer } from '../kit/server.ts';

/** Whoever the operating system says runs this: nothing but that is what the command line names. */
const ME = userInfo().username;
const WRONG = `ilk_${'A'.repeat(43)}`;

let world: RunWorld;
let server: TestServer;
let folder: string;
let me: TestAccount;
let environment: Record<string, string>;

beforeAll(async () => {
  world = await startRunWorld();
  ({ server } = world);
  me = await server.account(ME, { roles: ['management'] });
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-stops-'));
  const key = path.join(folder, 'bastion.key');
  await writeFile(key, `${world.bastion}\n`);
  environment = {
    INTERLOCK_URL: server.url,
    XDG_CONFIG_HOME: folder,
    INTERLOCK_BASTION_KEY_FILE: key,
  };
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Knock {
  readonly login?: string;
  readonly bastion?: string;
  readonly headers?: Record<string, string>;
}

const stop = (
  act: 'veto' | 'hold',
  body: object,
  { login = 'cora', bastion = world.bastion, headers = {} }: Knock = {},
) =>
  server.ask('POST', `/api/v1/stops/${act}`, {
    bastion,
    headers: { 'interlock-login': login, ...headers },
    body,
  });
const veto = (change: string, as?: Knock) => stop('veto', { change, reason: 'Not now.' }, as);
const hold = (run: string, as?: Knock) => stop('hold', { run, because: 'It looks wrong.' }, as);

/** What the database's owner sees and does. */
async function asOwner(statement: string): Promise<Record<string, unknown>[]> {
  const owner = new Client({ connectionString: server.context.db.url });
  await owner.connect();
  try {
    return (await owner.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await owner.end();
  }
}

const told = async (who: { token: string }, about: string) =>
  (await server.ask('GET', '/api/v1/notices', { token: who.token })).body.notices.filter(
    (one: { kind: string; about: string }) => one.kind === 'stop-by-login' && one.about === about,
  );

describe('the login on a bastion, without token or session', () => {
  it('vetoes as the engineer on call, is recorded as that, and tells those concerned', async () => {
    const change = await world.open();
    const laid = await veto(change);
    expect(laid).toMatchObject({ status: 201, body: { change, by: 'cora' } });
    expect((await server.ledger()).at(-1)).toMatchObject({
      type: 'veto.laid',
      outcome: 'allow',
      object: `change/${change}`,
      source: 'bastion-login',
      actor: { subject: 'cora', capacity: 'eoc', session: null },
      details: { bastion: 'bastion-1', login: 'cora', veto: laid.body.id },
    });
    for (const who of [world.ana, world.ben, world.cora, world.ira])
      expect(await told(who, `change/${change}`)).toHaveLength(1);
    // What stops work proves nobody's presence, which could let something start.
    expect(await asOwner(`select * from presences where change_id = '${change}'`)).toEqual([]);
    const lifted = await server.ask('POST', `/api/v1/vetoes/${laid.body.id}/lift`, {
      bastion: world.bastion,
      headers: { 'interlock-login': 'cora' },
    });
    expect(lifted.status).toBe(401);
  });

  it('holds a run by its own name or its change’s, and says no more of it than that', async () => {
    const run = await world.start(await world.open());
    const held = await hold(run.change, { login: 'ben' });
    expect(held.status).toBe(200);
    expect(held.body).toEqual({ run: run.id, change: run.change, state: 'held', holdWanted: false });
    expect((await server.ledger()).at(-1)).toMatchObject({
      type: 'run.hold',
      outcome: 'allow',
      source: 'bastion-login',
      actor: { subject: 'ben', session: null },
      details: { bastion: 'bastion-1', login: 'ben', run: run.id },
    });
    expect(await told(world.ana, `change/${run.change}`)).toHaveLength(1);
    // The engineer on call, on top of that: from now on duty alone lets it go on.
    expect((await hold(run.id)).status).toBe(200);
    expect((await hold(run.id, { login: 'rhea' })).body.code).toBe('not_permitted');
    await server.ask('POST', `/api/v1/runs/${run.id}/abort`, {
      token: world.ben.token,
      body: { because: 'over' },
    });
  });

  it('asks who may as ever: at that moment, and refusals are recorded', async () => {
    const change = await world.open();
    for (const login of ['ira', 'ben', 'ana']) {
      expect(await veto(change, { login })).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
      expect((await server.ledger()).at(-1)).toMatchObject({
        type: 'veto.laid',
        outcome: 'deny',
        source: 'bastion-login',
        details: { code: 'not_permitted', bastion: 'bastion-1', login },
      });
    }
    await server.onCall({ eoc: 'ira' });
    expect((await veto(change)).body.code).toBe('not_permitted');
    expect((await veto(change, { login: 'ira' })).status).toBe(201);
    await server.onCall({ eoc: 'cora', imoc: 'ira' });
  });

  it('stops one change or run, and what there is', async () => {
    for (const all of ['*', 'CLAIM-1']) expect((await veto(all)).body.code).toBe('invalid');
    expect((await veto('CHG-999999')).status).toBe(404);
    for (const none of ['CHG-999999', 'RUN-999999', await world.open()])
      expect((await hold(none)).status).toBe(404);
  });

  it('stops nothing of another environment, nor by a deployer’s key, nor by one that does not stand', async () => {
    const run = await world.start(await world.open());
    const before = (await asOwner('select count(*) as n from vetoes'))[0];
    const elsewhere = await server.bastion('bastion-2', 'ops.illumidesk.net');
    for (const answer of [
      await veto(run.change, { bastion: elsewhere }),
      await hold(run.id, { bastion: elsewhere }),
      await hold(run.change, { bastion: elsewhere }),
    ]) {
      expect(answer).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
      expect(answer.body.message).toContain('ops.illumidesk.net');
    }
    const deployer = await server.bastion('deployer-1', ENVIRONMENT, 'deployer');
    for (const answer of [
      await veto(run.change, { bastion: deployer }),
      await hold(run.id, { bastion: deployer }),
    ]) {
      expect(answer.status).toBe(403);
      expect((await server.ledger()).at(-1)).toMatchObject({
        type: 'access.denied',
        reason: 'expected a bastion, got a deployer',
        details: { bastion: 'deployer-1', login: 'cora' },
      });
    }
    const gone = await server.bastion('bastion-3', ENVIRONMENT);
    await server.ask('DELETE', '/api/v1/bastions/bastion-3', { token: server.admin.token });
    for (const bastion of [gone, `ilb_${'A'.repeat(43)}`]) {
      expect((await veto(run.change, { bastion })).status).toBe(401);
      expect((await hold(run.id, { bastion })).status).toBe(401);
    }
    expect((await asOwner('select count(*) as n from vetoes'))[0]).toEqual(before);
    expect(
      (await server.ask('GET', `/api/v1/runs/${run.id}`, { token: world.ben.token })).body.hold,
    ).toBeNull();
  });

  it('names a person who is let in: no stranger, no service, no agent, nobody who was shut out', async () => {
    const change = await world.open();
    await server.account('robot', { kind: 'service' });
    await server.account('helper', { agentOf: 'cora' });
    await server.account('gone');
    await server.ask('PATCH', '/api/v1/people/gone', { token: server.admin.token, body: { disabled: true } });
    for (const login of ['stranger', 'robot', 'helper', 'gone', 'system', 'CORA', ' ', "cora' or '1'='1"])
      expect(await veto(change, { login })).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    const bearing = [{ authorization: `Bearer ${world.cora.token}` }, { authorization: `Bearer ${WRONG}` }];
    for (const headers of bearing) expect((await veto(change, { headers })).status).toBe(401);
    expect((await veto(change, { headers: { origin: 'https://elsewhere.example' } })).status).toBe(403);
  });
});

describe('the command line on a bastion', () => {
  it('vetoes and holds with no token, with an expired one, with a file of one that is gone', async () => {
    await server.onCall({ eoc: ME, imoc: 'ira' });
    await asOwner(
      `update tokens set created_at = now() - interval '2 days', expires_at = now() - interval '1 ms' where person = '${ME}'`,
    );
    const run = await world.start(await world.open());
    const args = ['veto', run.change, '--reason', 'The site is unsteady.'];
    // As a process of its own: whoever the system says it runs as.
    const bare = await runInterlock(args, environment);
    expect(bare).toMatchObject({ status: 0, stderr: expect.stringContaining('by the login') });
    expect(bare.stdout).toMatch(new RegExp(`^veto \\d+ stands on ${run.change} since `));
    const expired = await typed(args, { environment: { ...environment, INTERLOCK_TOKEN: me.token } });
    expect(expired).toMatchObject({ status: 0, stderr: expect.stringContaining('by the login') });
    const nowhere = { ...environment, INTERLOCK_TOKEN_FILE: path.join(folder, 'none') };
    expect(await typed(['hold', run.change], { environment: nowhere })).toMatchObject({
      status: 0,
      stdout: `${run.id} of ${run.change}: held\n`,
    });
    const laid = (await server.ledger()).filter(({ source }) => source === 'bastion-login').slice(-3);
    expect(laid.map(({ type, actor }) => [type, Object(actor).subject])).toEqual([
      ['veto.laid', ME],
      ['veto.laid', ME],
      ['run.hold', ME],
    ]);
  });

  it('does it by the token where that stands, and nothing else without one', async () => {
    const change = await world.open();
    const env = { ...environment, INTERLOCK_TOKEN: world.ben.token };
    const refused = await typed(['veto', change, '--reason', 'No.'], { environment: env });
    expect(refused).toMatchObject({ status: 2, stderr: expect.not.stringContaining('by the login') });
    for (const args of [
      ['veto', 'lift', '1'],
      ['resume', change],
      ['veto', 'list'],
    ]) {
      const answer = await typed(args, { environment });
      expect(answer).toMatchObject({ status: 1, stderr: expect.stringContaining('Not signed in') });
    }
    const { INTERLOCK_BASTION_KEY_FILE: _key, ...elsewhere } = environment;
    const without = await typed(['veto', change, '--reason', 'No.'], { environment: elsewhere });
    expect(without).toMatchObject({ status: 1, stderr: expect.stringContaining('Not signed in') });
  });

  it('holds by a key at the terminal of a run whose token was refused', async () => {
    const run = await world.start(await world.open());
    const send = runnerTransport({ url: server.url, token: WRONG, bastionKey: world.bastion });
    const say = (word: string) =>
      send({
        method: 'POST',
        path: `/api/v1/runs/${run.id}/${word}`,
        body: { because: 'said at the terminal', now: false },
        timeoutMs: 30_000,
      });
    expect(await say('hold')).toMatchObject({ status: 200, body: { run: run.id, state: 'held' } });
    expect((await say('go-on')).status).toBe(401);
  });
});
