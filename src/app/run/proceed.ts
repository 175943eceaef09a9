import type { Instruction } from '../../contract/runs.ts';
import {
  afterAsking,
  asksAgain,
  holdFor,
  newHold,
  takingHoldAtOnce,
  type Denial,
  type Hold,
} from '../../kernel/run/hold.ts';
import { nextWant, type Want } from '../../kernel/run/next.ts';
import { awaitingWord } from './await-word.ts';
import { endRun } from './end.ts';
import { awaited, grantCorrection, grantStep } from './grant-step.ts';
import type { Proceeded, Proceeding, RunAction } from './proceeding.ts';
import { held, snapshotOf, withoutGrant, withRun, working, type RunEvent, type RunFile } from './run-file.ts';

/** Decides what the runner of a run does next, the verdict asked where something would be executed or ended. */
export async function proceed(on: Proceeding, file: RunFile): Promise<Proceeded> {
  const wanted = takeWantedHold(file);
  if (wanted !== null) return holding(wanted, []);
  if (file.run.state === 'suspended') return holding(file, []);
  const want = nextWant(file.run.outline, snapshotOf(file));
  // Read-only, so a held run may do it too.
  if (want.kind === 'probe') return instruct(file, want);
  if (want.kind === 'wait') return awaited(file, want);
  if (file.run.hold === null) return goOn(on, file, want);
  return whileHeld(on, file, { want, hold: file.run.hold });
}

/** A held run: asks whether the hold still stands where that is worth asking. */
async function whileHeld(
  on: Proceeding,
  file: RunFile,
  { want, hold }: { readonly want: Want; readonly hold: Hold },
): Promise<Proceeded> {
  const action = actionFor(want);
  if (action === null) return hold.releasedBy === null ? holding(file, []) : goOn(on, working(file), want);
  if (!asksAgain(hold)) return holding(file, []);
  const looked = await ask(on, file, { want, action, use: 'to-look' });
  const left = afterAsking(hold, looked.denials, file.now, on.timing);
  if (left === null) return goOn(on, working(looked.file), want);
  return holding(held(looked.file, left), looked.denials);
}

interface Question {
  readonly want: Want;
  readonly action: RunAction;
  readonly use: 'to-execute' | 'to-look';
}

async function ask(
  on: Proceeding,
  file: RunFile,
  { want, action, use }: Question,
): Promise<{ readonly file: RunFile; readonly denials: readonly Denial[] }> {
  const { denials, recorded } = await on.ask(action, file, use);
  const seen = recorded === file.run.denied ? file : withRun(file, { denied: recorded });
  // The corrective command, reviewed beside the check, is what makes a failed pre-flight check pass.
  const ignored = want.kind === 'correct' || want.kind === 'preflight';
  return {
    file: seen,
    denials: ignored ? denials.filter(({ rule }) => rule !== 'preflight-passed') : denials,
  };
}

/** What is asked before this is done; `null` where nothing is executed and nothing ends. */
export function actionFor(want: Want): RunAction | null {
  switch (want.kind) {
    case 'step':
      return want.list === 'rollback' ? 'rollback' : 'step';
    case 'correct':
    case 'preflight':
      return 'step';
    case 'complete':
      return 'complete';
    case 'recheck':
    case 'probe':
    case 'wait':
    case 'stuck':
    case 'approval':
    case 'postchecks':
    case 'end':
      return null;
  }
}

/** A run that is not held: measures what it has to, or asks the verdict and goes on with what it wants. */
async function goOn(on: Proceeding, file: RunFile, want: Want): Promise<Proceeded> {
  switch (want.kind) {
    case 'preflight':
    case 'recheck':
    case 'probe':
      return instruct(working(file), want);
    case 'postchecks':
      return instruct(working(withRun(file, { phase: 'postchecks' })), want);
    case 'end':
      return finish(file, want.state === 'rolled-back' ? 'rolled-back' : 'failed', endReason(file));
    case 'stuck':
      return holding(held(file, newHold('step', 'a step did not succeed', file.now)), []);
    case 'approval':
      return holding(awaitingWord(file, want.position), []);
    case 'wait':
      return awaited(file, want);
    case 'correct':
    case 'step':
    case 'complete':
      return onVerdict(on, file, want);
  }
}

async function onVerdict(
  on: Proceeding,
  file: RunFile,
  want: Want & { kind: 'correct' | 'step' | 'complete' },
): Promise<Proceeded> {
  const action = actionFor(want) ?? 'step';
  const { file: asked, denials } = await ask(on, file, { want, action, use: 'to-execute' });
  if (want.kind === 'step') return towardsStep(on, asked, { want, denials });
  if (denials.length > 0) return stopped(asked, denials);
  return want.kind === 'correct'
    ? grantCorrection(on, asked)
    : finish(asked, 'succeeded', 'every step and check passed');
}

function towardsStep(
  on: Proceeding,
  file: RunFile,
  { want, denials }: { readonly want: Want & { kind: 'step' }; readonly denials: readonly Denial[] },
): Proceeded | Promise<Proceeded> {
  const { grant } = file;
  const covered = grant !== null && grant.list === want.list && grant.segment === want.segment;
  const inside = covered && grant.expiresAt > file.now;
  // Inside a segment a denial is shown and takes hold at its end; some take hold at once.
  const against = inside ? takingHoldAtOnce(denials) : denials;
  if (against.length > 0) return stopped(file, against);
  return grantStep(on, file, { want, inside, denials });
}

/** A person's hold takes hold where no step is under way and the change may rest, or at once if they said so. */
function takeWantedHold(file: RunFile): RunFile | null {
  const wanted = file.run.holdWanted;
  if (wanted === null) return null;
  if (file.run.hold !== null) return withRun(file, { holdWanted: null });
  if (file.grant !== null && !wanted.now) return null;
  const hold = { ...newHold('person', wanted.because, file.now), by: wanted.by, dutyOnly: wanted.dutyOnly };
  return held(withoutGrant(file, 'held by a person'), { ...hold, needsPerson: true });
}

function stopped(file: RunFile, denials: readonly Denial[]): Proceeded {
  const next = held(withoutGrant(file, 'denied'), holdFor(denials, file.now));
  return holding(next, denials);
}

function holding(file: RunFile, denials: readonly Denial[]): Proceeded {
  const { hold } = file.run;
  const before = file.heldBefore;
  const fresh = hold !== null && (before === null || before.cause !== hold.cause || before.by !== hold.by);
  const event: RunEvent = {
    type: 'run.held',
    action: 'hold',
    outcome: 'deny',
    reason: hold === null ? 'held' : `${hold.cause}: ${hold.because}`.slice(0, 2_000),
    details: { cause: hold?.cause ?? 'none', 'needs-person': hold?.needsPerson ?? true },
  };
  const askAgain = hold !== null && file.run.state === 'held' && asksAgain(hold);
  return { file, instruction: { kind: 'hold', askAgain }, events: fresh ? [event] : [], denials };
}

function finish(file: RunFile, state: 'succeeded' | 'failed' | 'rolled-back', because: string): Proceeded {
  const { file: ended, event } = endRun(file, state, because);
  return { file: ended, instruction: { kind: 'end' }, events: [event], denials: [] };
}

function endReason(file: RunFile): string {
  if (file.run.phase === 'rollback') return 'every step that was executed is undone';
  const bad = file.run.preflightResults.filter(({ verdict }) => verdict !== 'pass').map(({ name }) => name);
  return `pre-flight checks did not pass: ${bad.join(', ') || 'no result'}`;
}

/** What goes on with something that is granted or ended is told by that; what only measures, by this. */
function wentOnEvent({ cause, releasedBy }: Hold): RunEvent {
  return {
    type: 'run.went-on',
    action: 'go-on',
    outcome: 'allow',
    reason: `no longer held by ${cause}, ${releasedBy === null ? 'which is over' : `released by ${releasedBy}`}`,
  };
}

function instruct(
  file: RunFile,
  want: Want & { kind: 'preflight' | 'recheck' | 'probe' | 'postchecks' },
): Proceeded {
  const instruction: Instruction =
    want.kind === 'recheck' || want.kind === 'probe'
      ? { kind: want.kind, list: want.list, position: want.position }
      : { kind: want.kind };
  const { heldBefore } = file;
  const wentOn = heldBefore !== null && file.run.hold === null;
  return { file, instruction, events: wentOn ? [wentOnEvent(heldBefore)] : [], denials: [] };
}
