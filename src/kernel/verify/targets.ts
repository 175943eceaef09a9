import { counted, named } from './quantity.ts';
import { sampleText } from './sample.ts';
import type { QueryOutcome, Series } from './series.ts';
import { fail, type Judgement, pass, unknown } from './verdict.ts';

const PORT = /:\d+$/;

/** Whether a series of `up` is about a target: one of the labels bears its name, with or without a port. */
export function isAbout(
  labels: Readonly<Record<string, string>>,
  target: string,
  targetLabels: readonly string[],
): boolean {
  return targetLabels.some((name) => {
    const label = labels[name];
    return label !== undefined && (label === target || label.replace(PORT, '') === target);
  });
}

/**
 * M4: every target that the plan names is present in `up` and 1. Missing and down are told apart: one is a hole in the monitoring,
 * the other an outage.
 */
export function judgeTargets(
  up: QueryOutcome,
  {
    targets,
    targetLabels,
  }: { readonly targets: readonly string[]; readonly targetLabels: readonly string[] },
): Judgement {
  const names = [...new Set(targets)];
  if (names.length === 0) return unknown('targets to look for wanted; the plan names none');
  const wanted = `${counted(names.length, 'target')} of the plan present in \`up\` and 1 wanted`;
  if (!up.ok) return unknown(`${wanted}; ${up.because}`);

  const { series } = up.value;
  const of = (target: string) => series.filter(({ labels }) => isAbout(labels, target, targetLabels));
  const missing = names.filter((target) => of(target).length === 0);
  const down = names.flatMap((target) => of(target).filter(({ value }) => value !== 1)).map(whereDown);
  if (missing.length === 0 && down.length === 0) return pass(`${wanted}; all are (${named(names)})`);
  const seen = [
    ...(missing.length > 0 ? [`missing from \`up\`: ${named(missing)}`] : []),
    ...(down.length > 0 ? [`down: ${named(down)}`] : []),
  ];
  return fail(`${wanted}; ${seen.join('; ')}`);
}

/** In which environments `up` has each target, by the label that names them; none where it is missing or bears no such label. */
export function placesOf(
  up: QueryOutcome,
  {
    targets,
    targetLabels,
    environmentLabel,
  }: {
    readonly targets: readonly string[];
    readonly targetLabels: readonly string[];
    readonly environmentLabel: string;
  },
): Readonly<Record<string, readonly string[]>> {
  const series = up.ok ? up.value.series : [];
  const environmentsOf = (target: string) =>
    series
      .filter(({ labels }) => isAbout(labels, target, targetLabels))
      .flatMap(({ labels }) => labels[environmentLabel] ?? []);
  return Object.fromEntries(
    [...new Set(targets)].map((target) => [target, [...new Set(environmentsOf(target))].toSorted()]),
  );
}

function whereDown({ labels, value }: Series): string {
  return `${labels['job'] ?? ''} ${labels['instance'] ?? ''} is ${sampleText(value)}`.trim();
}
