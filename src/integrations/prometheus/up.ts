import { judgeFlapping, windowOf } from '../../kernel/verify/flapping.ts';
import { judgeTargets, placesOf } from '../../kernel/verify/targets.ts';
import { promqlWindow } from './duration.ts';
import type { Parameters } from './parameters.ts';
import { type Probed, probed, type Proving, query } from './proving.ts';
import { upOfJob, upOfTargets } from './selector.ts';

/** M4: the plan's targets in `up`. */
export async function probeTargets(
  { source, settings }: Proving,
  targets: readonly string[],
): Promise<Probed> {
  const { targetLabels, environmentLabel } = settings;
  // Without a target there is nothing to ask, and an empty pattern would match what bears no such label.
  if (targets.length === 0) {
    const nothing = { ok: false, because: 'nothing was asked' } as const;
    return probed('M4', 'prometheus', judgeTargets(nothing, { targets, targetLabels }), []);
  }
  const up = await query(source, upOfTargets(targets, targetLabels).join(' or '));
  return {
    ...probed('M4', 'prometheus', judgeTargets(up.outcome, { targets, targetLabels }), [up]),
    places: placesOf(up.outcome, { targets, targetLabels, environmentLabel }),
  };
}

/** M5: `up` of Prometheus itself and of the plan's targets over the window. */
export async function probeFlapping(
  { source, settings, ...proving }: Proving,
  parameters: Parameters,
): Promise<Probed> {
  const targets = proving.targets ?? [];
  const { job, targetLabels, flapping } = settings;
  const [age, intervals] = await Promise.all([parameters.ageMs, parameters.intervals]);
  const window = windowOf(flapping.window, age.value);
  const selectors = [upOfJob(job), ...(targets.length === 0 ? [] : upOfTargets(targets, targetLabels))];
  const over = (aggregate: string) =>
    query(source, selectors.map((one) => `${aggregate}(${one}[${promqlWindow(window.ms)}])`).join(' or '));

  const [lowest, samples] = await Promise.all([over('min_over_time'), over('count_over_time')]);
  const judgement = judgeFlapping(lowest.outcome, samples.outcome, {
    job,
    targets,
    targetLabels,
    window,
    intervalMs: intervals.value.of,
    coverage: flapping.coverage,
    samples: flapping.samples,
  });
  return probed('M5', 'prometheus', judgement, [lowest, samples, ...age.heard]);
}
