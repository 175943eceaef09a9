import type { Outcome } from './outcome.ts';
import { named, span } from './quantity.ts';
import type { QueryOutcome } from './series.ts';
import { fail, type Judgement, pass, unknown } from './verdict.ts';

/** What Prometheus says of its way to Alertmanager. */
export interface Delivery {
  /** Addresses of the Alertmanagers that it knows. */
  readonly alertmanagers: Outcome<readonly string[]>;
  /** Alerts sent and errors met in the window, by the label `alertmanager`. */
  readonly sent: QueryOutcome;
  readonly errors: QueryOutcome;
  readonly windowMs: number;
}

/** M8: Prometheus knows an Alertmanager and sends to at least one without errors. */
export function judgeDelivery({ alertmanagers, sent, errors, windowMs }: Delivery): Judgement {
  const wanted = `alerts sent without errors to at least one Alertmanager in the last ${span(windowMs)} wanted`;
  if (!alertmanagers.ok) return unknown(`${wanted}; ${alertmanagers.because}`);
  if (!sent.ok) return unknown(`${wanted}; ${sent.because}`);
  if (!errors.ok) return unknown(`${wanted}; ${errors.because}`);
  if (alertmanagers.value.length === 0) return fail(`${wanted}; Prometheus knows no Alertmanager`);

  const count = (outcome: typeof sent, address: string) =>
    outcome.value.series.find(({ labels }) => labels['alertmanager'] === address)?.value ?? null;
  const states = alertmanagers.value.map((address) => ({
    address,
    sent: count(sent, address),
    errors: count(errors, address),
  }));
  const good = states.filter((one) => one.sent !== null && one.sent > 0 && one.errors === 0);
  if (good.length > 0) return pass(`${wanted}; ${named(good.map(({ address }) => address))} got them`);

  const failing = states.filter((one) => one.errors !== null && one.errors > 0);
  if (failing.length > 0) {
    return fail(`${wanted}; errors with ${named(failing.map(({ address }) => address))}`);
  }
  const counted = states.some((one) => one.sent !== null && one.errors !== null);
  return counted
    ? fail(`${wanted}; none was sent`)
    : unknown(`${wanted}; Prometheus has no counts for the Alertmanagers it knows`);
}
