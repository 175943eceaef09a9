import type { RunView, StepView } from './runs.ts';

/** The run as it is now: what is known of it with what was heard, which may name only the steps that changed. */
export function withHeard(known: RunView, heard: RunView): RunView {
  if (heard.steps.length === known.steps.length) return heard;
  const changed = new Map(heard.steps.map((step) => [placeOf(step), step]));
  return { ...heard, steps: known.steps.map((step) => changed.get(placeOf(step)) ?? step) };
}

function placeOf({ list, position }: StepView): string {
  return `${list}/${position}`;
}
