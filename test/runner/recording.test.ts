import { mkdtempSync, readFileSync, rmSync, writeFileSync, appendFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runnerTransport } from '../../src/cli/runner-transport.ts';
import { secretsByName } from '../../src/runner/environment.ts';
import { recordStream } from '../../src/runner/record.ts';
import { recordingSender } from '../../src/runner/recording.ts';
import { startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';

let world: RunWorld;
let folder = '';
beforeAll(async () => {
  world = await startRunWorld({ rulesOff: ['plan-complete', 'awareness'] });
  folder = mkdtempSync(path.join(tmpdir(), 'interlock-recording-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await world.server.stop();
});

describe('a recording', () => {
  it('has its secrets masked on the disk already, also where one comes in pieces', async () => {
    const file = path.join(folder, 'masked.cast');
    const input = new PassThrough();
    const recorded = recordStream(input, file, {
      width: 80,
      height: 24,
      secrets: ['hunter2', 'hunter2-whole'],
    });
    for (const piece of ['login hunt', 'er2-wh', 'ole, then hunter', '2', ' end\r\n']) {
      input.write(piece);
      // Each piece is one of its own for who reads.
      await new Promise((resolve) => setImmediate(resolve));
    }
    input.end();
    await recorded;
    const [header = '', ...events] = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(JSON.parse(header)).toMatchObject({ version: 2, width: 80, height: 24 });
    const text = events.map((line) => (JSON.parse(line) as [number, string, string])[2]).join('');
    expect(text).toBe('login [masked], then [masked] end\r\n');
    expect(readFileSync(file, 'utf8')).not.toContain('hunter');
  });

  it('goes to the server while it grows, each chunk with its digest in the ledger, and is read as one', async () => {
    const run = await world.start(await world.open({ watch: [], steps: [stepOf('only')] }));
    const file = path.join(folder, 'growing.cast');
    const { token } = world.ben;
    const transport = runnerTransport({ url: world.server.url, token, bastionKey: world.bastion });
    const sender = recordingSender(transport, file, {
      secrets: ['hunter2'],
      everyMs: 60_000,
      showEveryMs: 60_000,
    });
    writeFileSync(file, '{"version":2}\n[0.1,"o","one hunter2"]\n[0.2,"o","tw');
    sender.start(run.id, 1);
    expect(await sender.send()).toBe(true);
    appendFileSync(file, 'o"]\n');
    expect(await sender.send()).toBe(true);
    // Nothing new: no chunk.
    expect(await sender.stop()).toBe(true);
    const { body } = await world.asRunner('GET', `/api/v1/runs/${run.id}/files`);
    const names = (body.files as { name: string; digest: string }[]).map(({ name }) => name);
    expect(names).toEqual(['terminal-1-00001.cast', 'terminal-1-00002.cast']);
    const whole = await world.asRunner('GET', `/api/v1/runs/${run.id}/files/recording/terminal.cast`);
    expect(whole.body).toBe('{"version":2}\n[0.1,"o","one [masked]"]\n[0.2,"o","two"]\n');
    const kept = (await world.server.ledger()).filter(({ type }) => type === 'run.evidence');
    const digests = kept.map((entry) => (entry['digests'] as { file: string }).file);
    expect(digests).toEqual((body.files as { digest: string }[]).map(({ digest }) => digest));
  });

  it('is shown while it grows, from any byte on, and is the recording once that has come', async () => {
    const run = await world.start(await world.open({ watch: [], steps: [stepOf('only')] }));
    const file = path.join(folder, 'shown.cast');
    const transport = runnerTransport({
      url: world.server.url,
      token: world.ben.token,
      bastionKey: world.bastion,
    });
    const every = { secrets: ['hunter2'], everyMs: 60_000, showEveryMs: 60_000 };
    const sender = recordingSender(transport, file, every);
    const read = async (query: string) =>
      (await world.asRunner('GET', `/api/v1/runs/${run.id}/terminal${query}`)).body;
    const before = (await world.server.ledger()).length;
    writeFileSync(file, '{"version":2}\n[0.1,"o","one hunter2"]\n');
    sender.start(run.id, 1);
    await sender.show();
    appendFileSync(file, '[0.2,"o","two"]\n[0.3,"o","thr');
    await sender.show();
    const first = await read('');
    expect(first).toMatchObject({ epoch: 1, newest: 1, from: 0, next: first.end, ended: false });
    expect(first.text).toBe('{"version":2}\n[0.1,"o","one [masked]"]\n[0.2,"o","two"]\n');
    // It is no evidence: the ledger has it with its chunk.
    expect(await world.server.ledger()).toHaveLength(before);
    await sender.send();
    const { db } = world.server.context;
    expect(await db.selectFrom('run_terminals').select('from_byte').execute()).toEqual([]);
    expect((await read('')).text).toBe(first.text);
    appendFileSync(file, 'ee"]\n');
    await sender.show();
    expect(await read(`?epoch=1&from=${first.next}`)).toMatchObject({
      from: first.next,
      text: '[0.3,"o","three"]\n',
    });
    expect(await read(`?at=${new Date(Date.now() - 60_000).toISOString()}`)).toMatchObject({
      from: 0,
      header: null,
    });
    // Whoever comes now reads on from the newest chunk, and has its header.
    const late = await read(`?at=${new Date(Date.now() + 60_000).toISOString()}`);
    expect(late).toMatchObject({ from: first.next, header: '{"version":2}', text: '[0.3,"o","three"]\n' });
    await sender.stop();
    const whole = await world.asRunner('GET', `/api/v1/runs/${run.id}/files/recording/terminal.cast`);
    expect((await read('')).text).toBe(whole.body);
  });

  it('is shown by its own runner alone, and not under an epoch that is over', async () => {
    const run = await world.start(await world.open({ watch: [], steps: [stepOf('only')] }));
    const show = (epoch: number, key: string, text = '{"version":2}\n') =>
      fetch(`${world.server.url}/api/v1/runs/${run.id}/terminal/${epoch}/0`, {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${world.ben.token}`,
          'interlock-bastion': key,
          'content-type': 'application/octet-stream',
        },
        body: text,
      }).then(async (answer) => [answer.status, ((await answer.json()) as { code?: string }).code]);
    expect(await show(2, world.bastion)).toEqual([409, 'old_epoch']);
    expect(await show(1, 'no-key')).toEqual([401, 'unauthenticated']);
    expect(await show(1, world.bastion, 'half a line')).toEqual([400, 'invalid']);
    expect(await show(1, world.bastion)).toEqual([200, undefined]);
  });

  it('is not lost where the server is gone for a while', async () => {
    const file = path.join(folder, 'away.cast');
    writeFileSync(file, '{"version":2}\n');
    const away = runnerTransport({ url: 'http://127.0.0.1:9', token: null, bastionKey: null });
    let reached = false;
    const sent: string[] = [];
    const sender = recordingSender(
      async (request) => {
        if (!reached) return away(request);
        sent.push(String(request.body));
        return { status: 200, body: null };
      },
      file,
      { secrets: [], everyMs: 60_000, showEveryMs: 60_000 },
    );
    sender.start('RUN-1', 1);
    expect(await sender.send()).toBe(false);
    reached = true;
    expect(await sender.stop()).toBe(true);
    expect(sent).toEqual(['{"version":2}\n']);
    expect(readdirSync(folder)).toContain('away.cast');
  });
});

it('secrets are known by the names of their variables, and inside addresses', () => {
  const env = {
    SHOP_PASSWORD: 'hunter2-hunter2',
    API_TOKEN: 'short',
    DATABASE_URL: 'postgres://ana:a-long-password@db-1/shop',
    HOME: '/home/ana',
  };
  const secrets = secretsByName(env);
  expect(secrets).toContain('hunter2-hunter2');
  expect(secrets).toContain('a-long-password');
  expect(secrets).not.toContain('short');
  expect(secrets).not.toContain('/home/ana');
});
