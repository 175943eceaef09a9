import type { MonitoringPart } from '../policy/facts.ts';
import type { ApprovalRole } from './acts.ts';
import type { StepList } from './state.ts';

/** How a step is undone: by a named rollback step, or not at all and why. */
export type Undo = { readonly step: string } | { readonly nothing: string };

/** What the coordinator needs to know of one step; what it does is the runner's. Times in milliseconds. */
export interface OutlineStep {
  readonly name: string;
  /** Whether it runs a program (a manual step and a wait do not). */
  readonly executable: boolean;
  readonly safeStop: boolean;
  readonly idempotent: boolean;
  readonly interruptible: boolean;
  readonly timeoutMs: number;
  readonly beforeChecks: readonly string[];
  readonly afterChecks: readonly string[];
  readonly hasProbe: boolean;
  /** Whose word the run waits for here; nothing is executed then. */
  readonly approval?: { readonly role: ApprovalRole; readonly confirm: string };
  /** Whether something has to be shown for it before it counts as done. */
  readonly evidence?: boolean;
}

/** Which parts of the monitoring a step takes away, and for how long at the most. */
export interface Blind {
  readonly parts: readonly MonitoringPart[];
  readonly lastsMs: number;
}

/** The bones of a plan, as a run follows them. */
export interface RunOutline {
  readonly steps: readonly (OutlineStep & { readonly undo: Undo | null; readonly blind?: Blind })[];
  readonly rollback: readonly OutlineStep[];
  readonly preflights: readonly { readonly name: string; readonly corrective: boolean }[];
  readonly postchecks: readonly string[];
  readonly watched: readonly string[];
  /** Checks that are measured a while after its end. */
  readonly delayed?: readonly { readonly name: string; readonly afterMs: number }[];
  readonly pointOfNoReturn: { readonly after: string; readonly reason: string } | null;
}

/** The steps of one list. */
export function stepsOf(outline: RunOutline, list: StepList): readonly OutlineStep[] {
  return list === 'steps' ? outline.steps : outline.rollback;
}

/** The step at a place; an unknown place is a defect of the caller. */
export function stepAt(outline: RunOutline, list: StepList, position: number): OutlineStep {
  const step = stepsOf(outline, list)[position];
  if (step === undefined) throw new Error(`expected a step at \`${list}/${position}\`, got none`);
  return step;
}

/**
 * The number of the segment each step belongs to. A segment ends after a step where the change may rest (POLICY
 * section 7); every rollback step is a segment of its own, whatever it declares: a rollback may stop anywhere.
 */
export function segmentsOf(outline: RunOutline, list: StepList): readonly number[] {
  let segment = 0;
  return stepsOf(outline, list).map((step) => {
    const mine = segment;
    if (step.safeStop || list === 'rollback') segment += 1;
    return mine;
  });
}

/** The blind window of a run: which parts, for how long, and with which segment it opens. The first that a plan declares is the only one. */
export function blindOf(outline: RunOutline): (Blind & { readonly segment: number }) | null {
  const position = outline.steps.findIndex(({ blind }) => blind !== undefined);
  const blind = outline.steps[position]?.blind;
  const segment = segmentsOf(outline, 'steps')[position];
  return blind === undefined || segment === undefined ? null : { ...blind, segment };
}
