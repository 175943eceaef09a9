import type { CheckResult } from '../../src/contract/check.ts';
import type { Instruction, RunReport } from '../../src/contract/runs.ts';
import { RUN_TIMING } from '../../src/app/run/timing.ts';
import { stepAt, type RunOutline } from '../../src/kernel/run/outline.ts';
import { mayBegin, startLease, type Lease } from '../../src/runner/lease.ts';
import type { Answer, Coordinator, Told } from './coordinator.ts';
import type { Host } from './host.ts';
import type { Network } from './network.ts';
import { executionOf, type Site } from './site.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a runner of the simulation works with. */
export interface RunnerOf {
  readonly time: VirtualTime;
  readonly host: Host;
  readonly network: Network;
  readonly coordinator: Coordinator;
  readonly outline: RunOutline;
  readonly site: Site;
  readonly newKey: () => string;
}

interface State {
  epoch: number;
  version: number;
  lost: boolean;
  over: boolean;
  working: { readonly list: 'steps' | 'rollback'; readonly position: number; readonly grant: string } | null;
  stop: ((because: string) => void) | null;
  readonly lease: Lease;
}

type StepTold = Extract<Instruction, { kind: 'step' }>;
const { heartbeatMs, killGraceMs, leaseMs, askAgainMs } = RUN_TIMING;
const LOST: ReadonlySet<string> = new Set(['lease_lost', 'old_epoch']);

/**
 * A runner as `src/runner` is one, without processes: the same lease and the same rules of when to begin and when to stop,
 * told by the same answers. Resolves when it goes.
 */
export async function runnerLife(
  of: RunnerOf,
  begun: { readonly epoch: number; readonly sentAt: number },
): Promise<void> {
  const lease = startLease(leaseMs, begun.sentAt, () => of.time.now());
  const state: State = {
    epoch: begun.epoch,
    version: 0,
    lost: false,
    over: false,
    working: null,
    stop: null,
    lease,
  };
  of.host.lease(lease.remainingMs());
  void beats(of, state);
  for (let report: RunReport | null = null; ;) {
    const told = await askNext(of, state, report);
    if (told === 'left') break;
    report = null;
    if (told === 'came-back') continue;
    state.version = told.version;
    if (told.instruction.kind === 'end') break;
    report = await follow(of, state, told.instruction);
  }
  state.over = true;
}

async function beats(of: RunnerOf, state: State): Promise<void> {
  while (!state.over) {
    const { epoch, working, lease } = state;
    const sentAt = of.time.now();
    const body = { epoch, clock: clockOf(of), multiplexer: 'tmux' as const, working, watched: [] };
    const answer = await of.host.here(of.network.ask(() => of.coordinator.beat(body), 3_000));
    if (epoch === state.epoch && answer !== null) heed(of, state, { sentAt, answer });
    if (lease.remainingMs() <= killGraceMs) lose(state);
    await of.host.sleep(heartbeatMs);
  }
}

/** What a beat was answered. */
function heed(
  of: RunnerOf,
  state: State,
  { sentAt, answer }: { readonly sentAt: number; readonly answer: Awaited<ReturnType<Coordinator['beat']>> },
): void {
  if (!answer.ok) {
    if (LOST.has(answer.code)) lose(state);
    return;
  }
  renew(of, state, sentAt);
  state.version = answer.value.version;
  if (answer.value.stop !== null) state.stop?.(answer.value.stop);
}

function lose(state: State): void {
  state.lost = true;
  state.stop?.('the lease was lost');
  state.lease.end();
}

function renew(of: RunnerOf, { lease }: State, sentAt: number): void {
  lease.renew(sentAt);
  of.host.lease(lease.remainingMs());
}

function clockOf({ time, host }: RunnerOf): number {
  return time.now() + host.skewMs;
}

async function askNext(
  of: RunnerOf,
  state: State,
  report: RunReport | null,
): Promise<Told | 'left' | 'came-back'> {
  const request = of.newKey();
  const watched = state.lost ? [] : of.site.measure(of.outline.watched);
  const body = () => ({ epoch, clock: clockOf(of), multiplexer: 'tmux' as const, request, report, watched });
  const { epoch } = state;
  const send = () => of.host.here(of.network.ask(() => of.coordinator.advance(body()), 10_000));
  for (let pauseMs = 50; !state.lost; pauseMs = Math.min(2 * pauseMs, 1_000)) {
    const sentAt = of.time.now();
    const answer = await send();
    if (answer?.ok === true) {
      renew(of, state, sentAt);
      if (!state.lost) return answer.value;
    } else if (answer !== null && !LOST.has(answer.code)) {
      await leave(of, state);
      return 'left';
    } else if (answer !== null || state.lease.remainingMs() <= pauseMs) break;
    await of.host.sleep(pauseMs);
  }
  state.lost = true;
  return comeBack(of, state, send);
}

/** Waits for the server; goes on where it still holds the lease, else takes the run over once it may. */
async function comeBack(
  of: RunnerOf,
  state: State,
  send: () => Promise<Answer<Told> | null>,
): Promise<Told | 'left' | 'came-back'> {
  for (;;) {
    let sentAt = of.time.now();
    const heard = await send();
    if (heard?.ok === true) {
      resume(of, state, { sentAt, epoch: heard.value.epoch });
      return heard.value;
    }
    sentAt = of.time.now();
    const key = of.newKey();
    const taken =
      heard === null
        ? null
        : await of.host.here(of.network.ask(() => of.coordinator.takeOver(key, clockOf(of)), 3_000));
    if (taken?.ok === true) {
      resume(of, state, { sentAt, epoch: taken.value.epoch });
      return 'came-back';
    }
    if (taken !== null && taken.code !== 'too_early') return 'left';
    await of.host.sleep(heartbeatMs);
  }
}

function resume(
  of: RunnerOf,
  state: State,
  { sentAt, epoch }: { readonly sentAt: number; readonly epoch: number },
): void {
  state.epoch = epoch;
  state.lost = false;
  renew(of, state, sentAt);
}

async function leave(of: RunnerOf, { epoch, lost }: State): Promise<void> {
  if (!lost) await of.host.here(of.network.ask(() => of.coordinator.leave(epoch), 3_000));
}

async function follow(of: RunnerOf, state: State, told: Instruction): Promise<RunReport | null> {
  const { site, outline } = of;
  switch (told.kind) {
    case 'preflight':
      await of.host.sleep(200);
      return { kind: 'preflight', results: site.measure(outline.preflights.map(({ name }) => name)) };
    case 'correct':
      return correct(of, told);
    case 'step':
      return perform(of, state, told);
    case 'recheck': {
      const { list, position } = told;
      return {
        kind: 'recheck',
        list,
        position,
        after: site.measure(stepAt(outline, list, position).afterChecks),
      };
    }
    case 'probe': {
      const { list, position } = told;
      return { kind: 'probe', list, position, result: site.probe(`${list} ${position}`) };
    }
    case 'postchecks':
      return { kind: 'postchecks', results: site.measure(outline.postchecks) };
    case 'hold': {
      const { version } = state;
      const until = told.askAgain ? of.time.now() + askAgainMs : Infinity;
      while (!state.lost && state.version === version && of.time.now() < until)
        await of.host.sleep(heartbeatMs / 2);
      return null;
    }
    case 'end':
      return null;
  }
}

async function correct(of: RunnerOf, told: Extract<Instruction, { kind: 'correct' }>): Promise<RunReport> {
  await of.host.sleep(500);
  const execution = executionOf({ how: 'well' });
  of.site.corrected();
  const executions = told.checks.map((check) => ({ check, execution, output: null }));
  return { kind: 'corrective', grant: told.grant.id, executions };
}

/** As `performStep`. */
async function perform(of: RunnerOf, state: State, told: StepTold): Promise<RunReport> {
  const { list, position, grant } = told;
  const step = stepAt(of.outline, list, position);
  let stopped = false;
  state.working = { list, position, grant: grant.id };
  state.stop = () => (stopped = true);
  const deadline = state.lease.now() + grant.expiresInMs;
  await of.host.sleep(step.beforeChecks.length * 300);
  const before: CheckResult[] = of.site.measure(step.beforeChecks);
  const place = { kind: 'step', grant: grant.id, list, position, before, output: null } as const;
  const good = before.every(({ verdict }) => verdict === 'pass');
  try {
    if (!good || stopped || state.lost || !mayBegin({ lease: state.lease, terms: { killGraceMs } }, deadline))
      return { ...place, execution: null, after: [] };
    const execution = {
      place: `${list} ${position}`,
      grant: grant.id,
      epoch: state.epoch,
      idempotent: step.idempotent,
    };
    const running = of.site.execute(of.host, step, execution);
    state.stop = running.stop;
    const ended = await of.host.here(running.ended);
    const after = ended.how === 'well' ? of.site.measure(step.afterChecks) : [];
    return { ...place, execution: executionOf(ended), after };
  } finally {
    state.working = null;
    state.stop = null;
  }
}
