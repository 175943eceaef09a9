import type { AdvanceRun, Heartbeat, Instruction } from '../../src/contract/runs.ts';
import { advanceFile, lateEvent } from '../../src/app/run/advance-file.ts';
import type { Call } from '../../src/app/actor.ts';
import { systemCall } from '../../src/app/actor.ts';
import { judgeBeat } from '../../src/app/run/heartbeat.ts';
import { leftBy } from '../../src/app/run/leave.ts';
import { loseRunner } from '../../src/app/run/lose.ts';
import type { Ask, Proceeding } from '../../src/app/run/proceeding.ts';
import { asFound, withRun, type RunEvent, type RunFile } from '../../src/app/run/run-file.ts';
import { notTheRunner } from '../../src/app/run/runner-of.ts';
import { takenOver, whyTooEarly, withRunner } from '../../src/app/run/take-over.ts';
import { RUN_TIMING } from '../../src/app/run/timing.ts';
import type { Speaking, Take } from '../../src/app/run/word.ts';
import type { Standing } from '../../src/kernel/run/acts.ts';
import { sha256 } from '../../src/store/ledger-crypto.ts';
import type { Transaction } from '../../src/store/database.ts';
import { denialsOf, type Outside } from './outside.ts';
import { HOST, type Records } from './records.ts';
import type { Watch } from './invariants.ts';

/** What the server answers; the code of the refusal, where it does not do what was asked. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: string };

export interface Told {
  readonly epoch: number;
  readonly version: number;
  readonly state: string;
  readonly instruction: Instruction;
}

/** The server's side of a run: its own decisions, on records in memory. */
export interface Coordinator {
  advance(body: AdvanceRun): Promise<Answer<Told>>;
  beat(body: Heartbeat): Promise<Answer<{ readonly version: number; readonly stop: string | null }>>;
  takeOver(key: string, clock: number): Promise<Answer<{ readonly epoch: number; readonly version: number }>>;
  leave(epoch: number): Promise<Answer<null>>;
  sweep(): Promise<void>;
  say(what: string, take: Take, who: Person): Promise<Answer<null>>;
}

export interface Person {
  readonly person: string;
  readonly standings: readonly Standing[];
}

const CALL: Call = {
  ...systemCall('simulation'),
  actor: { ...systemCall('simulation').actor, person: 'ben', host: { ...HOST, privileged: false } },
};
const CONTEXT = { hash: sha256 };

export function coordinatorOf(records: Records, outside: Outside, watch: Watch): Coordinator {
  const { leaseMs } = RUN_TIMING;
  const ask: Ask = async (action, file) => {
    const denials = denialsOf(outside, action, file);
    return { denials, recorded: denials.map(({ rule }) => rule) };
  };
  const within = <T>(what: string, work: (file: RunFile) => Promise<Kept<T>>) =>
    records.transact(async () => {
      const file = records.open();
      const { answer, events, next } = await work(file);
      if (next !== null) records.save(next);
      watch.saw(what, { before: file, after: records.open(), events });
      return answer;
    });
  return {
    advance: (body) =>
      within('advance', async (file) => {
        const not = notTheRunner(file, CALL, body.epoch);
        return not === null
          ? advance({ records, ask, watch }, file, body)
          : late(file, body, { late: not.late, code: not.refused.refusal.code });
      }),
    beat: (body) =>
      within('beat', async (file) => {
        const not = notTheRunner(file, CALL, body.epoch);
        if (not !== null) return refused(not.refused.refusal.code);
        const { file: judged, events } = await judgeBeat(ask, { file, beat: body });
        records.renew(file.now + leaseMs);
        const unchanged = judged.run === file.run && judged.steps === file.steps;
        const next = unchanged ? null : withRun(judged, { leaseExpiresAt: file.now + leaseMs });
        const stop = body.working !== null && judged.run.hold !== null ? judged.run.hold.because : null;
        return kept({ version: file.run.version + (unchanged ? 0 : 1), stop }, next, events);
      }),
    takeOver: (key, clock) => within('take over', async (file) => takeOver(records, file, { key, clock })),
    leave: (epoch) =>
      within('leave', async (file) => {
        const not = notTheRunner(file, CALL, epoch);
        if (not !== null) return refused(not.refused.refusal.code);
        const next = leftBy(file, 'it was told to');
        return next === null ? refused('conflict') : kept(null, next, [LEFT]);
      }),
    sweep: async () => {
      await within('sweep', async (file) => {
        const { leaseExpiresAt, endedAt } = file.run;
        if (endedAt !== null || leaseExpiresAt === null || leaseExpiresAt >= file.now) return refused('none');
        const { file: next, event } = loseRunner(file, RUN_TIMING);
        return kept(null, next, [event]);
      });
    },
    say: (what, take, who) =>
      within(what, async (file) => {
        if (file.run.endedAt !== null) return refused('conflict');
        const taken = await take(file, speaking(file, who, outside), NO_TRANSACTION);
        if ('ok' in taken) return refused(taken.refusal.code);
        const event: RunEvent = { type: `run.${what}`, action: what, outcome: 'allow', reason: taken.reason };
        return kept(null, taken.file, [event]);
      }),
  };
}

// The words of this simulation write nothing beside the run.
const NO_TRANSACTION = {} as Transaction;
const LEFT: RunEvent = { type: 'run.runner-left', action: 'leave', outcome: 'allow', reason: 'it left' };

interface Kept<T> {
  readonly answer: Answer<T>;
  readonly next: RunFile | null;
  readonly events: readonly RunEvent[];
}

function kept<T>(value: T, next: RunFile | null, events: readonly RunEvent[]): Kept<T> {
  return { answer: { ok: true, value }, next, events };
}

function refused(code: string, next: RunFile | null = null, events: readonly RunEvent[] = []): Kept<never> {
  return { answer: { ok: false, code }, next, events };
}

async function advance(
  { records, ask, watch }: { readonly records: Records; readonly ask: Ask; readonly watch: Watch },
  file: RunFile,
  body: AdvanceRun,
): Promise<Kept<Told>> {
  const on: Proceeding = {
    timing: RUN_TIMING,
    ask,
    record: {
      save: async (run) => records.save(run),
      openGrant: async (run, wish) => {
        watch.grants(run, wish, body.clock - run.now);
        return records.openGrant(run, wish);
      },
      keepReport: async () => keepOnce(records, body),
    },
  };
  const { next, events } = await advanceFile(on, CONTEXT, file, body);
  if (next === null) return refused('conflict', null, events);
  const { run } = next.file;
  // As the save that follows makes it.
  const version = records.open().run.version + 1;
  const told = { epoch: run.epoch, version, state: run.state, instruction: next.instruction };
  return kept(told, next.file, [...events, ...next.events]);
}

/** False where it was kept before, as the database's key says. */
function keepOnce({ reports }: Records, { request, epoch }: AdvanceRun): boolean {
  const key = `${epoch} ${request}`;
  if (reports.has(key)) return false;
  reports.add(key);
  return true;
}

/** As `advanceRun` does with what a runner brings that has lost the run. */
function late(
  file: RunFile,
  { epoch, report }: AdvanceRun,
  not: { readonly late: boolean; readonly code: string },
): Kept<never> {
  const { run } = file;
  const events = not.late && report !== null ? [lateEvent(report.kind, 'it is late')] : [];
  const unnoticed = not.late && epoch === run.epoch && run.endedAt === null && run.leaseExpiresAt !== null;
  if (!unnoticed) return refused(not.code, null, events);
  const { file: next, event } = loseRunner(file, RUN_TIMING);
  return refused(not.code, next, [event, ...events]);
}

function takeOver(
  records: Records,
  file: RunFile,
  { key, clock }: { readonly key: string; readonly clock: number },
): Kept<{ readonly epoch: number; readonly version: number }> {
  const { leaseExpiresAt, endedAt } = file.run;
  if (endedAt !== null) return refused('conflict');
  const lost = leaseExpiresAt !== null && leaseExpiresAt < file.now ? loseRunner(file, RUN_TIMING) : null;
  const events = lost === null ? [] : [lost.event];
  const free = lost === null ? file : asFound(records.save(lost.file));
  const early = whyTooEarly(free);
  if (early !== null) return refused(early.refusal.code, null, events);
  const wish = { idempotencyKey: key, multiplexer: 'tmux' as const, privileges: 'none' as const, clock };
  const next = withRunner(free, CALL, wish, RUN_TIMING.leaseMs);
  const version = records.open().run.version + 1;
  const { epoch } = next.run;
  return kept({ epoch, version }, next, [...events, takenOver(free, next)]);
}

function speaking({ run, now }: RunFile, who: Person, { incidentEndedAt }: Outside): Speaking {
  const runnerAlive = run.leaseExpiresAt !== null && run.leaseExpiresAt >= now;
  return { ...who, now, limits: RUN_TIMING, runnerAlive, incidentEndedAt };
}
