import type { CheckResult } from '../../src/contract/check.ts';
import type { ExecutionResult } from '../../src/contract/execution.ts';
import type { OutlineStep } from '../../src/kernel/run/outline.ts';
import type { Chance } from '../chance.ts';
import type { Ended, Host } from './host.ts';
import type { Execution } from './invariants.ts';

/** What is changed by a plan: what its steps did to it, and what its checks say of it. */
export interface Site {
  /** How often checks and steps go wrong. */
  trouble: number;
  measure(names: readonly string[]): CheckResult[];
  probe(place: string): CheckResult;
  corrected(): void;
  execute(host: Host, step: OutlineStep, execution: Execution): ReturnType<Host['execute']>;
  /** What somebody sees who looks. */
  truthOf(place: string): 'happened' | 'did-not-happen' | 'undetermined';
}

export function siteOf(chance: Chance): Site {
  const did = new Map<string, 'whole' | 'part'>();
  let noRoom = chance.happens(0.5);
  const verdict = (trouble: number) =>
    chance.happens(trouble) ? chance.oneOf(['fail', 'unknown'] as const) : ('pass' as const);
  const truthOf: Site['truthOf'] = (place) => {
    const what = did.get(place);
    return what === undefined ? 'did-not-happen' : what === 'whole' ? 'happened' : 'undetermined';
  };
  return {
    trouble: 0.06,
    truthOf,
    corrected: () => {
      noRoom = false;
    },
    measure(names) {
      return names.map((name) => {
        const measured = verdict(this.trouble);
        return resultOf(name, name === 'disk has room' && noRoom ? 'fail' : measured);
      });
    },
    probe(place) {
      const truth = truthOf(place);
      const told = truth === 'happened' ? 'pass' : truth === 'did-not-happen' ? 'fail' : 'unknown';
      return resultOf(`${place} happened`, told);
    },
    execute(host, step, execution) {
      const lastsMs = chance.oneOf([20, 500, chance.between(1_000, 30_000), chance.between(1_000, 80_000)]);
      const good = !chance.happens(this.trouble);
      const running = host.execute({ step, execution, lastsMs, good });
      void running.ended.then(({ how }) => {
        if (how === 'refused') return;
        if (how === 'well') did.set(execution.place, 'whole');
        else if (did.get(execution.place) !== 'whole') did.set(execution.place, 'part');
      });
      return running;
    },
  };
}

function resultOf(name: string, verdict: CheckResult['verdict']): CheckResult {
  return { name, verdict, because: 'it was measured', measurements: [] };
}

/** The result as a runner reports it. */
export function executionOf(ended: Ended): ExecutionResult {
  const { how } = ended;
  return {
    ok: how === 'well',
    exitCode: how === 'well' ? 0 : how === 'badly' ? 1 : null,
    signal: how === 'timed-out' || how === 'stopped' ? 'SIGTERM' : null,
    spawnError: how === 'refused' ? 'expected a lease that lasts long enough' : null,
    timedOut: how === 'timed-out',
    cancelled: how === 'stopped' ? ended.because : null,
    killed: false,
    leftGroup: false,
    keeperDied: false,
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1,
    stopMs: null,
    output: {
      bytes: 0,
      keptBytes: 0,
      truncated: false,
      invalidUtf8: false,
      digest: `sha256:${'0'.repeat(64)}`,
    },
    cancelAction: null,
    confirmed: null,
  };
}
