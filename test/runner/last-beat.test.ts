import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { runnerTransport } from '../../src/cli/runner-transport.ts';
import { advanceAnswer } from '../../src/contract/runs.ts';
import { executeRun, leaseClock } from '../../src/runner/run.ts';
import { startRun, type Transport } from '../../src/runner/session.ts';
import { openView } from '../../src/runner/view.ts';
import { startRunWorld, stepOf } from '../kit/run-world.ts';

it('a beat that the end of the run overtakes does not take the end away, at a server of before `since` either', async () => {
  const world = await startRunWorld({
    rulesOff: ['plan-complete', 'awareness'],
    timing: { heartbeatMs: 50 },
  });
  const state = mkdtempSync(path.join(tmpdir(), 'interlock-last-beat-'));
  const way = runnerTransport({ url: world.server.url, token: world.ben.token, bastionKey: world.bastion });
  const refused: number[] = [];
  let unknown = 0;
  // The answer that ends the run comes only after a beat was told that the lease is over.
  const transport: Transport = async (request) => {
    // As a server refuses what it does not know: before it looks at anything.
    if (request.path.endsWith('/advance') && 'since' in Object(request.body)) {
      unknown += 1;
      return { status: 400, body: { code: 'invalid', message: 'expected no field `since` here' } };
    }
    const answer = await way(request);
    if (request.path.endsWith('/heartbeat') && answer.status >= 400) refused.push(answer.status);
    const read = advanceAnswer.safeParse(answer.body);
    if (read.success && read.data.instruction.kind === 'end') {
      for (let waited = 0; refused.length === 0 && waited < 10_000; waited += 20) await sleep(20);
    }
    return answer;
  };
  const change = await world.open({ watch: [], steps: [stepOf('only')] });
  const now = leaseClock();
  const sentAt = now();
  const started = await startRun(transport, change, {
    ...(await world.body()),
    multiplexer: 'tmux',
    privileges: 'none',
    resolved: null,
  });
  if (!started.ok) throw new Error(started.refusal.message);
  let shown = '';
  const view = openView({
    isTerminal: false,
    size: () => ({ columns: 120, rows: 40 }),
    write: (text) => (shown += text),
  });
  const setting = {
    transport,
    multiplexer: 'tmux',
    state,
    planFolder: null,
    bastion: {},
    prometheusUrl: null,
    alertmanagerUrl: null,
    secrets: [],
    view,
    prompt: async () => null,
  } as const;
  const running = await executeRun(setting, started.value, { now, sentAt });
  const driven = await running.ended;
  expect(refused).not.toEqual([]);
  expect(unknown).toBe(1);
  expect(driven, shown).toMatchObject({ kind: 'ended', run: { state: 'succeeded' } });
  rmSync(state, { recursive: true, force: true });
  await world.server.stop();
});
