import type { RunReport } from '../../contract/runs.ts';
import { judgeChecks, judgeRecheck, judgeStep, type StepJudgement } from '../../kernel/run/judge.ts';
import { newHold } from '../../kernel/run/hold.ts';
import { nextWant, type Want } from '../../kernel/run/next.ts';
import { segmentsOf, stepAt } from '../../kernel/run/outline.ts';
import { underWay } from '../../kernel/run/snapshot.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import {
  held,
  snapshotOf,
  stepOf,
  withoutGrant,
  withRun,
  withStep,
  type RunEvent,
  type RunFile,
} from './run-file.ts';

/** What a report made of a run; `null` if it does not belong to what the run waits for, and changes nothing. */
export type Applied = { readonly file: RunFile; readonly event: RunEvent } | null;

/** Applies what the runner says it did. Only what the run waits for counts; everything else is kept as late. */
export function applyReport(context: Pick<AppContext, 'hash'>, file: RunFile, report: RunReport): Applied {
  const want = nextWant(file.run.outline, snapshotOf(file));
  const applied = APPLY[report.kind](file, want, report as never);
  if (applied === null) return null;
  return { file: applied.file, event: { ...applied.event, digests: { report: digestOf(context, report) } } };
}

type Of<K extends RunReport['kind']> = Extract<RunReport, { kind: K }>;
type Apply<K extends RunReport['kind']> = (file: RunFile, want: Want, report: Of<K>) => Applied;

const APPLY: { readonly [K in RunReport['kind']]: Apply<K> } = {
  preflight: applyPreflight,
  corrective: applyCorrective,
  step: applyStep,
  recheck: applyRecheck,
  probe: applyProbe,
  postchecks: applyPostchecks,
};

function applyPreflight(file: RunFile, want: Want, report: Of<'preflight'>): Applied {
  if (want.kind !== 'preflight') return null;
  const { outline, corrected } = file.run;
  const { verdict, because } = judgeChecks(
    outline.preflights.map(({ name }) => name),
    report.results,
  );
  const bad = report.results.filter((result) => result.verdict !== 'pass').map(({ name }) => name);
  const correctable =
    bad.length > 0 &&
    bad.every(
      (name) =>
        !corrected.includes(name) && outline.preflights.some((one) => one.name === name && one.corrective),
    );
  const passed = verdict === 'pass';
  const preflight = passed ? 'passed' : correctable ? 'correct' : 'failed';
  const event = eventOf('run.preflight', 'preflight', passed, because);
  const next = withRun(file, {
    preflight,
    preflightResults: report.results,
    phase: passed && file.run.phase === 'preflight' ? 'steps' : file.run.phase,
  });
  // Once something was executed, checks that no longer pass are a person's to weigh; before that they end the run.
  const begun = file.steps.some(({ state }) => state !== 'pending');
  return {
    file: preflight === 'failed' && begun ? held(next, newHold('check', because, file.now)) : next,
    event,
  };
}

function applyCorrective(file: RunFile, want: Want, report: Of<'corrective'>): Applied {
  if (want.kind !== 'correct' || file.grant?.id !== report.grant) return null;
  const names = report.executions.map(({ check }) => check);
  const failed = report.executions.filter(({ execution }) => !execution.ok).map(({ check }) => check);
  const because =
    failed.length === 0 ? `corrected: ${names.join(', ')}` : `not corrected: ${failed.join(', ')}`;
  return {
    // Whatever came of it: it is measured again, and that decides.
    file: withRun(withoutGrant(file, 'reported'), {
      preflight: 'due',
      corrected: [...file.run.corrected, ...names],
    }),
    event: eventOf('run.corrective', 'correct', failed.length === 0, because),
  };
}

function applyStep(file: RunFile, _want: Want, report: Of<'step'>): Applied {
  const { list, position } = report;
  const step = file.steps.find((one) => one.list === list && one.position === position);
  if (step === undefined || !underWay(step) || file.grant?.id !== report.grant) return null;
  const judged = judgeStep(stepAt(file.run.outline, list, position), report);
  const { state, failedAt, because } = judged;
  const ended = withStep(file, {
    ...step,
    state,
    failedAt,
    because,
    retry: false,
    recheck: false,
    endedAt: file.now,
  });
  const segments = segmentsOf(file.run.outline, list);
  const lastOfSegment = segments[position + 1] !== segments[position];
  const over = state !== 'succeeded' || lastOfSegment || file.run.state === 'held';
  const { execution } = report;
  const event = stepEvent(file, judged, { list, position, attempt: step.attempts, action: 'step' });
  return {
    file: holdBadEnd(over ? withoutGrant(ended, 'reported') : ended, judged, step.name),
    event: {
      ...event,
      details: {
        ...event.details,
        'exit-status': execution?.exitCode ?? null,
        'duration-ms': execution === null ? null : Math.round(execution.durationMs),
        'stop-ms': execution?.stopMs === null || execution === null ? null : Math.round(execution.stopMs),
        output: execution?.output.digest ?? null,
      },
    },
  };
}

function applyRecheck(file: RunFile, want: Want, report: Of<'recheck'>): Applied {
  const { list, position } = report;
  if (want.kind !== 'recheck' || want.list !== list || want.position !== position) return null;
  const step = stepOf(file, list, position);
  const judged = judgeRecheck(stepAt(file.run.outline, list, position), report.after);
  const { state, failedAt, because } = judged;
  const next = withStep(file, { ...step, state, failedAt, because, recheck: false });
  return {
    file: holdBadEnd(next, judged, step.name),
    event: stepEvent(file, judged, { list, position, attempt: step.attempts, action: 'recheck' }),
  };
}

/** A probe settles an unknown step or leaves it; either way the run stays held until a person says go on. */
function applyProbe(file: RunFile, want: Want, report: Of<'probe'>): Applied {
  const { list, position, result } = report;
  if (want.kind !== 'probe' || want.list !== list || want.position !== position) return null;
  const step = { ...stepOf(file, list, position), probed: true };
  const { verdict } = result;
  const because = `probe \`${result.name}\`: ${result.because}`;
  const details = { step: step.name, list, position, verdict };
  const event = { ...eventOf('run.step-settled', 'probe', verdict !== 'unknown', because), details };
  if (verdict === 'unknown') return { file: withStep(file, step), event };
  const happened = verdict === 'pass';
  const settled = withStep(file, {
    ...step,
    because,
    state: happened ? 'succeeded' : 'failed',
    failedAt: happened ? null : 'command',
    settlement: happened ? 'happened' : 'did-not-happen',
    settledBy: 'probe',
    recheck: happened && stepAt(file.run.outline, list, position).afterChecks.length > 0,
    endedAt: file.now,
  });
  return { file: settled, event };
}

function applyPostchecks(file: RunFile, want: Want, report: Of<'postchecks'>): Applied {
  if (want.kind !== 'postchecks') return null;
  const { verdict, because } = judgeChecks(file.run.outline.postchecks, report.results);
  const passed = verdict === 'pass';
  const next = withRun(file, {
    phase: 'postchecks',
    postchecks: passed ? 'passed' : 'failed',
    postcheckResults: report.results,
  });
  return {
    file: passed ? next : held(next, newHold('check', `after the last step ${because}`, file.now)),
    event: eventOf('run.postchecks', 'verify', passed, because),
  };
}

/** A step that did not succeed holds the run, unless something else holds it already. */
function holdBadEnd(file: RunFile, judged: StepJudgement, name: string): RunFile {
  if (judged.state === 'succeeded' || file.run.state === 'held' || file.run.state === 'suspended')
    return file;
  const checks = judged.failedAt === 'before' || judged.failedAt === 'after';
  const cause = judged.state === 'unknown' ? 'unknown-step' : checks ? 'check' : 'step';
  return held(file, newHold(cause, `step \`${name}\` ${judged.state}: ${judged.because}`, file.now));
}

function stepEvent(
  file: RunFile,
  judged: StepJudgement,
  place: { list: 'steps' | 'rollback'; position: number; attempt: number; action: string },
): RunEvent {
  const { list, position, attempt, action } = place;
  return {
    ...eventOf('run.step', action, judged.state === 'succeeded', `${judged.state}: ${judged.because}`),
    details: {
      step: stepAt(file.run.outline, list, position).name,
      list,
      position,
      attempt,
      state: judged.state,
      'failed-at': judged.failedAt,
    },
  };
}

function eventOf(type: string, action: string, good: boolean, reason: string): RunEvent {
  return { type, action, outcome: good ? 'allow' : 'error', reason: reason.slice(0, 2_000) };
}
