import { isAbout } from '../verify/targets.ts';
import type { Alert } from './alerts.ts';

/** A run, as far as alerts may be its doing. */
export interface AlertedRun {
  readonly targets: readonly string[];
  readonly environment: string;
  readonly startedAtMs: number;
}

export interface AlertPlaces {
  /** Labels of which one names a target. */
  readonly targetLabels: readonly string[];
  readonly environmentLabel: string | null;
  /** What always fires, and says that alerts arrive. */
  readonly watchdog: string;
  /** How far the clocks may be from each other. */
  readonly clockToleranceMs: number;
}

/** An alert that fires while a run is under way, and what it may have to do with it. */
export interface RunAlert {
  readonly alert: Alert;
  /** The target of the run that it names; `null`: it names the environment alone. */
  readonly target: string | null;
  /** `since`: it began with the run or after, and counts as its doing until somebody knows better; `before`: it fired already. */
  readonly judged: 'since' | 'before';
}

/**
 * The alerts that name a target of a run, or its environment and no host that the run leaves alone; those that began since come first. One whose
 * beginning cannot be told from the run's, for clocks differ, is taken as its doing.
 */
export function alertsOfRun(
  alerts: readonly Alert[],
  run: AlertedRun,
  { targetLabels, environmentLabel, watchdog, clockToleranceMs }: AlertPlaces,
): readonly RunAlert[] {
  const found = alerts.flatMap((alert): RunAlert[] => {
    const { labels } = alert;
    if (labels['alertname'] === watchdog) return [];
    const elsewhere =
      environmentLabel !== null &&
      labels[environmentLabel] !== undefined &&
      labels[environmentLabel] !== run.environment;
    if (elsewhere) return [];
    const target = run.targets.find((one) => isAbout(labels, one, targetLabels)) ?? null;
    const namesOther = target === null && targetLabels.some((name) => labels[name] !== undefined);
    const namesEnvironment = environmentLabel !== null && labels[environmentLabel] === run.environment;
    if (target === null && (namesOther || !namesEnvironment)) return [];
    const judged = alert.startsAtMs >= run.startedAtMs - clockToleranceMs ? 'since' : 'before';
    return [{ alert, target, judged }];
  });
  return found.toSorted((a, b) => rank(a) - rank(b) || b.alert.startsAtMs - a.alert.startsAtMs);
}

function rank({ judged }: RunAlert): number {
  return judged === 'since' ? 0 : 1;
}
