import { checkTransitions, withoutGrant, type GrantWish, type RunFile } from '../../src/app/run/run-file.ts';
import type { RunOutline } from '../../src/kernel/run/outline.ts';
import type { Grant } from '../../src/store/grants.ts';
import type { StoredStep } from '../../src/store/run-steps.ts';
import type { StoredRun } from '../../src/store/runs.ts';

/** What is stored of a run, with the constraints of the database. */
export interface Records {
  /** The run as it is stored now, as under its lock. */
  open(): RunFile;
  save(file: RunFile): RunFile;
  /** A beat's: the lease alone, and no new version. */
  renew(leaseExpiresAt: number): void;
  openGrant(file: RunFile, wish: GrantWish): RunFile;
  readonly grants: readonly Grant[];
  readonly reports: Set<string>;
  /** All or nothing: where it throws, nothing of it stays. */
  transact<T>(work: () => Promise<T>): Promise<T>;
}

/** A constraint of the database, or an invariant, that does not hold. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

interface Stored {
  readonly run: StoredRun;
  readonly steps: readonly StoredStep[];
  readonly live: Grant | null;
  readonly grants: readonly Grant[];
}

export function recordsOf(outline: RunOutline, now: () => number, leaseMs: number): Records {
  let stored: Stored = {
    run: newRun(outline, now(), leaseMs),
    steps: newSteps(outline),
    live: null,
    grants: [],
  };
  const reports = new Set<string>();
  return {
    reports,
    get grants() {
      return stored.grants;
    },
    open: () => {
      const { run, steps, live: grant } = stored;
      const found = { run, steps, grant };
      return { found, run, steps, grant, heldBefore: run.hold, grantOver: null, now: now() };
    },
    save: (file) => {
      checkTransitions(file);
      checkOpenSteps(file);
      const live = file.found.grant !== null && file.grantOver !== null ? null : stored.live;
      if (file.run.epoch < stored.run.epoch) throw new Violation('expected an epoch that grows');
      const run = { ...file.run, version: stored.run.version + 1 };
      stored = { ...stored, run, steps: file.steps, live };
      return { ...file, run };
    },
    renew: (leaseExpiresAt) => {
      stored = { ...stored, run: { ...stored.run, leaseExpiresAt } };
    },
    openGrant: (file, wish) => {
      const over = withoutGrant(file, 'another was given');
      if (over.found.grant !== null && over.grantOver !== null) stored = { ...stored, live: null };
      if (stored.live !== null) throw new Violation('expected one live grant at most, got two');
      if (wish.epoch !== stored.run.epoch) throw new Violation('expected a grant of the epoch of the run');
      const grant = grantOf(wish, file, stored.grants.length + 1);
      stored = { ...stored, live: grant, grants: [...stored.grants, grant] };
      return { ...over, found: { ...over.found, grant }, grant, grantOver: null };
    },
    transact: async (work) => {
      const before = stored;
      try {
        return await work();
      } catch (error) {
        stored = before;
        throw error;
      }
    },
  };
}

function grantOf({ lastsMs, ...wish }: GrantWish, { run, now }: RunFile, number: number): Grant {
  return {
    ...wish,
    id: `grant-${number}`,
    runId: run.id,
    grantedAt: now,
    expiresAt: now + lastsMs,
    closedAt: null,
  };
}

function checkOpenSteps({ steps }: RunFile): void {
  const open = steps.filter(({ state }) => state === 'granted' || state === 'running' || state === 'unknown');
  if (open.length > 1) throw new Violation('expected one open step at most, got more');
}

export const HOST = { name: 'bastion-1', role: 'bastion', environment: 'illumidesk.com' } as const;

function newRun(outline: RunOutline, now: number, leaseMs: number): StoredRun {
  const runner = { key: 'start', person: 'ben', host: HOST.name, hostRole: HOST.role };
  return {
    id: 'RUN-1',
    changeId: 'CHG-1',
    severity: 'S4',
    planDigest: `sha256:${'0'.repeat(64)}`,
    environment: HOST.environment,
    targets: null,
    outline,
    executor: 'ben',
    runner: { ...runner, hostEnvironment: HOST.environment, multiplexer: 'tmux' },
    state: 'preflight',
    phase: 'preflight',
    preflight: 'due',
    postchecks: 'due',
    preflightResults: [],
    watchedResults: [],
    postcheckResults: [],
    corrected: [],
    hold: null,
    holdWanted: null,
    suspendWords: {},
    denied: [],
    epoch: 1,
    lastRequest: null,
    leaseExpiresAt: now + leaseMs,
    takeOverFrom: null,
    version: 1,
    startedAt: now,
    endedAt: null,
  };
}

function newSteps(outline: RunOutline): readonly StoredStep[] {
  return (['steps', 'rollback'] as const).flatMap((list) =>
    outline[list].map(({ name }, position) => ({
      list,
      position,
      name,
      state: 'pending' as const,
      attempts: 0,
      failedAt: null,
      settlement: null,
      recheck: false,
      retry: false,
      probed: false,
      because: null,
      settledBy: null,
      startedAt: null,
      endedAt: null,
    })),
  );
}

/** Whatever of a run has to leave a trace in the ledger when it changes. */
export function traceOf({ run, steps, grant }: Pick<RunFile, 'run' | 'steps' | 'grant'>): string {
  const held = run.hold === null ? '' : `${run.hold.cause} ${run.hold.by}`;
  const ends = steps
    .map(({ state }) => (state === 'granted' || state === 'running' ? 'open' : state))
    .join(' ');
  return `${run.state} ${run.epoch} ${held} ${ends} ${grant?.id}`;
}
