import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckResult } from '../contract/check.ts';
import type { AdvanceAnswer, Instruction, RunReport, RunView } from '../contract/runs.ts';
import { performCorrections } from './correct.ts';
import { comeBack, type CameBack } from './come-back.ts';
import { beat } from './heartbeat.ts';
import { measureAll, measureAllWatched } from './measure-all.ts';
import { performStep, planStep } from './perform.ts';
import { withHeard } from '../contract/run-heard.ts';
import { newKey, ServerUnreachable } from './session.ts';
import type { RunnerState, RunnerWorld } from './world.ts';

/** How a runner's work on a run ended. `left`: the run is still live, and held. */
export type Driven =
  { readonly kind: 'ended'; readonly run: RunView } | { readonly kind: 'left'; readonly because: string };

/**
 * Follows a run to its end: asks what to do, does it, reports. When the lease is lost it begins nothing else, hands in
 * its journal once the server answers again, and takes the run over anew, with a new epoch.
 */
export async function driveRun(world: RunnerWorld, state: RunnerState): Promise<Driven> {
  const over = new AbortController();
  const beating = beat(world, state, over.signal);
  try {
    let report: RunReport | null = null;
    for (;;) {
      const asked = await askNext(world, state, report);
      if (asked.kind === 'left') return asked;
      if (asked.kind === 'came-back') {
        report = null;
        continue;
      }
      const { answer } = asked;
      show(world, answer, report);
      if (answer.instruction.kind === 'end') return { kind: 'ended', run: answer.run };
      report = await follow(world, state, answer.instruction);
    }
  } finally {
    over.abort();
    await beating;
    if (!state.lost) await Promise.all(state.uploads);
  }
}

type Asked = CameBack;

/** Reports and asks, until there is an answer or the lease is gone. The same request again gets the same grant. */
async function askNext(world: RunnerWorld, state: RunnerState, report: RunReport | null): Promise<Asked> {
  if (state.leaving !== null && report === null) return leave(world, state, state.leaving);
  const watched: readonly CheckResult[] = state.lost ? [] : await measureAllWatched(world);
  const body = {
    epoch: state.epoch,
    multiplexer: world.multiplexer,
    request: newKey(),
    report,
    watched: [...watched],
    since: state.known.version,
  };
  try {
    const sentAt = world.lease.now();
    const answer = await world.session.advance(world.run, body, () => world.lease.remainingMs());
    if (answer.ok) {
      world.lease.renew(sentAt);
      world.keeper.lease(world.lease.remainingMs());
      const run = withHeard(state.known, answer.value.run);
      Object.assign(state, { version: run.version, heard: run.state, known: run });
      // A beat that the end of the run overtook hears that the lease is over. It is, and nothing was lost by that.
      if (answer.value.instruction.kind === 'end') state.lost = false;
      if (!state.lost) return { kind: 'answer', answer: { ...answer.value, run } };
    } else if (!LOST.has(answer.refusal.code)) {
      return leave(world, state, answer.refusal.message);
    }
  } catch (error) {
    if (!(error instanceof ServerUnreachable)) throw error;
  }
  state.lost = true;
  return comeBack(world, state, body);
}

const LOST: ReadonlySet<string> = new Set([
  'lease_lost',
  'old_epoch',
  'unavailable',
  'ledger_frozen',
  'policy_superseded',
  'internal',
]);

/** Does what was said, and says what came of it. */
async function follow(world: RunnerWorld, state: RunnerState, told: Instruction): Promise<RunReport | null> {
  switch (told.kind) {
    case 'preflight':
      return { kind: 'preflight', results: await measureAll(world, 'pre-flight', world.plan.preflight) };
    case 'correct':
      return performCorrections(world, state, told);
    case 'step':
      // Told to go away in the meantime: it is reported as not begun.
      if (state.leaving !== null) return notBegun(told);
      return performStep(world, state, told);
    case 'recheck': {
      const { after } = planStep(world, told.list, told.position);
      const { list, position } = told;
      return { kind: 'recheck', list, position, after: await measureAll(world, 'after', after) };
    }
    case 'probe':
      return probe(world, told);
    case 'postchecks':
      return { kind: 'postchecks', results: await measureAll(world, 'post-check', world.plan.postchecks) };
    case 'hold':
      await waitForChange(world, state, told.askAgain);
      return null;
    case 'end':
      return null;
  }
}

function notBegun({ grant, list, position }: Extract<Instruction, { kind: 'step' }>): RunReport {
  return {
    kind: 'step',
    grant: grant.id,
    list,
    position,
    before: [],
    execution: null,
    output: null,
    after: [],
  };
}

async function probe(world: RunnerWorld, told: Extract<Instruction, { kind: 'probe' }>): Promise<RunReport> {
  const { list, position } = told;
  const check = planStep(world, list, position).probe;
  if (check === undefined)
    throw new Error(`expected a probe at \`${list}/${position}\` of the plan, got none`);
  const [result] = await measureAll(world, 'probe', [check]);
  if (result === undefined) throw new Error('expected a measurement of the probe, got none');
  return { kind: 'probe', list, position, result };
}

/** Waits until the run has changed by somebody's word, or it is time to ask the verdict again. */
async function waitForChange(world: RunnerWorld, state: RunnerState, askAgain: boolean): Promise<void> {
  const version = state.version;
  const until = performance.now() + (askAgain ? world.terms.askAgainMs : Infinity);
  while (!state.lost && state.leaving === null && state.version === version && performance.now() < until) {
    await sleep(Math.min(100, world.terms.heartbeatMs));
  }
}

/** Goes away with nothing under way: the run stays, held, for somebody to take over. */
async function leave(world: RunnerWorld, state: RunnerState, because: string): Promise<Asked> {
  // Who has lost the run has nothing to leave.
  if (state.lost) return { kind: 'left', because };
  try {
    await world.session.leave(world.run, state.epoch, because);
  } catch (error) {
    if (!(error instanceof ServerUnreachable)) throw error;
  }
  return { kind: 'left', because };
}

function show(world: RunnerWorld, answer: AdvanceAnswer, report: RunReport | null): void {
  if (report !== null && (report.kind === 'step' || report.kind === 'recheck' || report.kind === 'probe')) {
    const step = answer.run.steps.find(
      ({ list, position }) => list === report.list && position === report.position,
    );
    if (step !== undefined) world.view.stepEnds(step);
  }
  if (answer.skew === 'warns') world.view.note("! this host's clock is more than a second from the server's");
  const { hold } = answer.run;
  world.view.run(world.plan, answer.run, answer.denials);
  if (hold !== null) world.view.held(hold, answer.denials, offered(answer.run));
  else if (answer.denials.length > 0) world.view.denied(answer.denials);
}

/** A metric in its failure range means roll back: that is offered, and a person's to say. */
function offered({ change, phase, hold }: RunView): string | null {
  if (hold?.cause !== 'watched' || phase === 'rollback') return null;
  return `to roll back: interlock rollback ${change} --because …; to go on: interlock resume ${change}`;
}
