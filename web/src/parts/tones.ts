import type { ChangeSummary } from '../../../src/contract/changes.ts';
import type { DecisionDocument } from '../../../src/contract/decision.ts';
import type { RunView, StepView } from '../../../src/contract/runs.ts';
import type { Tone } from './badge.tsx';

// The one place that says which state looks how.

export const CHANGE_TONES: Readonly<Record<ChangeSummary['state'], Tone>> = {
  draft: 'quiet',
  unscheduled: 'quiet',
  scheduled: 'busy',
  'in-progress': 'busy',
  complete: 'go',
  aborted: 'stop',
  rejected: 'stop',
  cancelled: 'quiet',
};

export const RUN_TONES: Readonly<Record<RunView['state'], Tone>> = {
  preflight: 'busy',
  running: 'busy',
  held: 'warn',
  suspended: 'warn',
  verifying: 'busy',
  'rolling-back': 'warn',
  succeeded: 'go',
  failed: 'stop',
  'rolled-back': 'warn',
  unknown: 'unknown',
};

export const STEP_TONES: Readonly<Record<StepView['state'], Tone>> = {
  pending: 'quiet',
  granted: 'busy',
  running: 'busy',
  succeeded: 'go',
  failed: 'stop',
  cancelled: 'warn',
  skipped: 'quiet',
  unknown: 'unknown',
};

export const VERDICT_TONES: Readonly<Record<DecisionDocument['verdicts'][number]['verdict'], Tone>> = {
  deny: 'stop',
  unknown: 'unknown',
  warn: 'warn',
  excepted: 'warn',
  pass: 'go',
};
