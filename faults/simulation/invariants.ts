import type { GrantWish, RunEvent, RunFile } from '../../src/app/run/run-file.ts';
import { HOLD_RELEASED_BY } from '../../src/kernel/run/hold.ts';
import { SKEW_REFUSES_MS } from '../../src/kernel/run/lease.ts';
import { RUN_TIMING } from '../../src/app/run/timing.ts';
import { against, type Outside } from './outside.ts';
import { traceOf, Violation } from './records.ts';

/** One execution of a step on some host. */
export interface Execution {
  readonly place: string;
  readonly grant: string;
  readonly epoch: number;
  readonly idempotent: boolean;
}

/** The invariants of SAFETY section 1, looked at whenever something happens. A broken one throws. */
export interface Watch {
  /** Before a grant is written. */
  grants(file: RunFile, wish: GrantWish, skewMs: number): void;
  /** After each transaction. */
  saw(what: string, change: { before: RunFile; after: RunFile; events: readonly RunEvent[] }): void;
  begins(execution: Execution): void;
  ends(execution: Execution): void;
  /** The outside changed. */
  outsideChanged(): void;
  /** Once the run has ended. */
  over(file: RunFile): void;
}

export function watchOver(outside: Outside, now: () => number, tell: (line: string) => void): Watch {
  const grants = new Map<string, GrantWish>();
  const executed = new Map<string, number>();
  const working = new Set<Execution>();
  const owed = owedBeforeGoingOn(outside, now);
  let epoch = 1;
  let granted = 0;
  return {
    grants: (file, wish, skewMs) => {
      if (Math.abs(skewMs) > SKEW_REFUSES_MS) throw new Violation('a grant to a host whose clock is off');
      if (wish.list === 'rollback') return;
      const standing = against(outside);
      if (standing.length > 0) throw new Violation(`a grant while there stood: ${standing.join(', ')}`);
      if (wish.list === 'steps') owed.paid(file);
    },
    saw: (what, { before, after, events }) => {
      if (traceOf(before) !== traceOf(after)) {
        tell(
          `${what}: ${traceOf(after)} | ${events.map(({ type }) => type).join(' ') || 'nothing recorded'}`,
        );
        mustBeRecorded(what, before, after, events);
      }
      if (after.grant !== null && after.grant.id !== before.grant?.id)
        grants.set(after.grant.id, after.grant as never);
      if (after.run.epoch < before.run.epoch) throw new Violation('an epoch that shrinks');
      epoch = after.run.epoch;
      granted += events.filter(({ type }) => type === 'run.granted').length;
      owed.saw(what, after, events);
    },
    begins: (execution) => {
      const { place, grant, idempotent } = execution;
      tell(`${place} begins under ${grant}`);
      const given = grants.get(grant);
      if (given === undefined) throw new Violation(`${place} is executed without a grant`);
      if (execution.epoch !== epoch || given.epoch !== epoch)
        throw new Violation(`${place} begins under epoch ${execution.epoch}, the run has ${epoch}`);
      if (working.size > 0) throw new Violation(`${place} begins while another step is worked on`);
      const times = (executed.get(place) ?? 0) + 1;
      if (times > 1 && !idempotent) throw new Violation(`${place} is executed twice and is not idempotent`);
      executed.set(place, times);
      working.add(execution);
    },
    ends: (execution) => {
      tell(`${execution.place} ends`);
      working.delete(execution);
    },
    outsideChanged: () => {
      tell(`outside: ${against(outside).join(', ') || 'calm'}`);
      owed.outsideChanged();
    },
    over: ({ run, steps }) => {
      if (run.endedAt === null)
        throw new Violation(`the run never ends: ${run.state}, held by ${run.hold?.cause}`);
      const open = steps.find(
        ({ state }) => state === 'granted' || state === 'running' || state === 'unknown',
      );
      if (open !== undefined) throw new Violation(`${open.name} is ${open.state} at the end of the run`);
      if (granted < grants.size) throw new Violation('a grant that the ledger does not tell of');
      const done = steps.every(({ list, state }) => list === 'rollback' || state === 'succeeded');
      if (run.state === 'succeeded' && !done) throw new Violation('a run that succeeded without every step');
      if (run.state === 'succeeded' && working.size > 0)
        throw new Violation('a run that ended before its step');
    },
  };
}

/** One entry of the ledger for each transition: a change without any is not told of. */
function mustBeRecorded(what: string, before: RunFile, after: RunFile, events: readonly RunEvent[]): void {
  if (events.length > 0) return;
  throw new Violation(`nothing recorded of ${what}: from ${traceOf(before)} to ${traceOf(after)}`);
}

/** What has to come before a held run goes on: a person's word, and after an incident the cool-down and pre-flight again. */
function owedBeforeGoingOn(outside: Outside, now: () => number) {
  let word = false;
  let incident = false;
  let measuredBefore: unknown = null;
  let clearSince = now();
  let burning = false;
  return {
    outsideChanged: () => {
      if (burning && !outside.incident) clearSince = now();
      burning = outside.incident;
    },
    saw: (what: string, { run }: RunFile, events: readonly RunEvent[]) => {
      if (run.hold?.cause === 'incident' && run.state === 'held') {
        if (!incident) measuredBefore = run.preflightResults;
        incident = true;
      }
      if (run.hold !== null && HOLD_RELEASED_BY[run.hold.cause] === 'person' && run.hold.releasedBy === null)
        word = true;
      // Whoever takes a run over waits for a word of their own.
      if (what === 'go-on' && run.state === 'held') word = false;
      if (events.some(({ type }) => type === 'run.taken-over')) word = true;
    },
    paid: ({ run }: RunFile) => {
      if (word) throw new Violation(`a grant without the word of a person, in ${run.state}`);
      if (!incident) return;
      if (run.preflight !== 'passed' || run.preflightResults === measuredBefore)
        throw new Violation('a grant after an incident without pre-flight checks');
      if (now() < clearSince + RUN_TIMING.coolDownMs) throw new Violation('a grant within the cool-down');
      incident = false;
    },
  };
}
