import type { LedgerDraft } from '../../contract/ledger.ts';
import { runMayReach, stateOfPhase, stepMayBecome } from '../../kernel/run/state.ts';
import { alsoHeldBy, type Hold } from '../../kernel/run/hold.ts';
import type { RunSnapshot } from '../../kernel/run/snapshot.ts';
import type { StepList } from '../../kernel/run/state.ts';
import type { Transaction } from '../../store/database.ts';
import { closeGrant, insertGrant, liveGrant, type Grant, type NewGrant } from '../../store/grants.ts';
import { saveStep, stepsOfRun, type StoredStep } from '../../store/run-steps.ts';
import { lockRun, saveRun, type StoredRun } from '../../store/runs.ts';

/**
 * A run under its lock, as it was found and as it is becoming. Use cases turn one into the next; `saveRunFile` writes what
 * differs. Nothing of it outlives the transaction.
 */
export interface RunFile {
  readonly found: {
    readonly run: StoredRun;
    readonly steps: readonly StoredStep[];
    readonly grant: Grant | null;
  };
  readonly run: StoredRun;
  readonly steps: readonly StoredStep[];
  readonly grant: Grant | null;
  /** What held it when it was opened. */
  readonly heldBefore: Hold | null;
  /** Why the grant that was found is over. */
  readonly grantOver: string | null;
  /** The database's clock when the lock was had, epoch milliseconds. */
  readonly now: number;
}

/** What happened, for the ledger: the fields that come from the caller and the run are added when it is written. */
export type RunEvent = Pick<LedgerDraft, 'type' | 'action' | 'outcome' | 'reason'> &
  Partial<Pick<LedgerDraft, 'digests' | 'details' | 'before' | 'after'>>;

/** Locks and reads a run; `null` if there is none. */
export async function openRunFile(tx: Transaction, runId: string): Promise<RunFile | null> {
  const locked = await lockRun(tx, runId);
  if (locked === null) return null;
  const steps = await stepsOfRun(tx, runId);
  const grant = await liveGrant(tx, runId);
  const { run, now } = locked;
  return { found: { run, steps, grant }, run, steps, grant, heldBefore: run.hold, grantOver: null, now };
}

/**
 * Writes what has changed. Steps that end come before the one that begins, as the database allows one open step.
 *
 * @throws {RunInTheWay} where a suspended run comes back to a stage that is taken.
 */
export async function saveRunFile(tx: Transaction, file: RunFile): Promise<RunFile> {
  checkTransitions(file);
  if (file.found.grant !== null && file.grantOver !== null) {
    await closeGrant(tx, file.found.grant.id, file.grantOver);
  }
  // The steps of a run are always the same ones in the same order.
  const changed = file.steps.filter((step, index) => step !== file.found.steps[index]);
  for (const step of changed.toSorted((a, b) => Number(isOpen(a)) - Number(isOpen(b)))) {
    await saveStep(tx, file.run.id, step);
  }
  if (file.run === file.found.run && changed.length === 0) return file;
  const version = await saveRun(tx, file.run);
  return { ...file, run: { ...file.run, version } };
}

/** The file as the database now has it. */
export function asFound(file: RunFile): RunFile {
  return { ...file, found: { run: file.run, steps: file.steps, grant: file.grant }, grantOver: null };
}

/** What the kernel decides by. */
export function snapshotOf(file: RunFile): RunSnapshot {
  const { run, steps, grant } = file;
  const { state, phase, preflight, postchecks, hold } = run;
  return {
    state,
    phase,
    preflight,
    postchecks,
    hold,
    holdWanted: run.holdWanted !== null,
    grant:
      grant === null || grant.list === 'preflight'
        ? null
        : { list: grant.list, segment: grant.segment, expiresAt: grant.expiresAt },
    steps,
  };
}

/** The file with the kernel's snapshot taken over: what a person's word made of it. */
export function withSnapshot(file: RunFile, snapshot: RunSnapshot): RunFile {
  const { state, phase, preflight, postchecks, hold } = snapshot;
  const said = new Map(snapshot.steps.map((step) => [`${step.list}/${step.position}`, step]));
  const steps = file.steps.map((step) => {
    const now = said.get(`${step.list}/${step.position}`);
    return now === undefined || now === step ? step : { ...step, ...now };
  });
  return { ...file, steps, run: { ...file.run, state, phase, preflight, postchecks, hold } };
}

export function withRun(file: RunFile, changes: Partial<StoredRun>): RunFile {
  return { ...file, run: { ...file.run, ...changes } };
}

export function stepOf(file: RunFile, list: StepList, position: number): StoredStep {
  const step = file.steps.find((one) => one.list === list && one.position === position);
  if (step === undefined)
    throw new Error(`expected step \`${list}/${position}\` of ${file.run.id}, got none`);
  return step;
}

export function withStep(file: RunFile, step: StoredStep): RunFile {
  const steps = file.steps.map((one) =>
    one.list === step.list && one.position === step.position ? step : one,
  );
  return { ...file, steps };
}

/** The state a run has when it is not held. */
export function working(file: RunFile): RunFile {
  const { phase, preflight } = file.run;
  const checking = phase === 'steps' && preflight !== 'passed';
  return withRun(file, { state: checking ? 'preflight' : stateOfPhase(phase), hold: null });
}

/**
 * Held by this; a grant that covers a step under way stands until that step is reported. A person's order to hold that waited
 * for a safe place is part of it, whatever came first.
 */
export function held(file: RunFile, hold: Hold): RunFile {
  const { state, holdWanted } = file.run;
  return withRun(file, {
    state: state === 'suspended' ? 'suspended' : 'held',
    hold: holdWanted === null ? hold : alsoHeldBy(hold, holdWanted),
    holdWanted: null,
  });
}

export function withoutGrant(file: RunFile, because: string): RunFile {
  return file.grant === null ? file : { ...file, grant: null, grantOver: because };
}

/** What a run's next grant is for; whose it is the run says. */
export type GrantWish = Omit<NewGrant, 'runId' | 'environment' | 'targets'>;

/** Closes the grant that stands, if any, and writes a new one. */
export async function openGrant(tx: Transaction, file: RunFile, grant: GrantWish): Promise<RunFile> {
  const { id, environment, targets } = file.run;
  const over = withoutGrant(file, 'another was given');
  if (over.found.grant !== null && over.grantOver !== null) {
    await closeGrant(tx, over.found.grant.id, over.grantOver);
  }
  const given = await insertGrant(tx, { ...grant, runId: id, environment, targets });
  return { ...over, found: { ...over.found, grant: given }, grant: given, grantOver: null };
}

function isOpen(step: StoredStep): boolean {
  return step.state === 'granted' || step.state === 'running' || step.state === 'unknown';
}

/** INVARIANT: every change of state is one that the kernel's tables know. */
export function checkTransitions(file: RunFile): void {
  const { found, run } = file;
  if (!runMayReach(found.run.state, run.state)) {
    throw new Error(`expected a way from run state \`${found.run.state}\`, got \`${run.state}\``);
  }
  file.steps.forEach((step, index) => {
    const before = found.steps[index];
    if (before === undefined || before === step) return;
    if (before.list !== step.list || before.position !== step.position) {
      throw new Error(`expected step \`${before.list}/${before.position}\` in its place, got another`);
    }
    if (!stepMayBecome(before.state, step.state)) {
      throw new Error(`expected a way from step state \`${before.state}\`, got \`${step.state}\``);
    }
  });
}
