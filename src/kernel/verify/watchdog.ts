import { aheadMs, type Asked } from './clock.ts';
import type { Outcome } from './outcome.ts';
import { counted, span } from './quantity.ts';
import { fail, type Judgement, pass, unknown } from './verdict.ts';

/** An alert as Alertmanager holds it. */
export interface HeldAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly updatedAtMs: number;
  /** `active`, `suppressed` (silenced or inhibited) or `unprocessed`. */
  readonly state: string;
  /** Ids of the silences that hide it, and of the alerts that do. */
  readonly silencedBy?: readonly string[];
  readonly inhibitedBy?: readonly string[];
}

export interface WatchdogWanted {
  /** Name of the alert that always fires, and further labels that tell ours from another's. */
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly resendDelayMs: number | null;
  /** How many resend delays may have passed since it was last sent. */
  readonly resendDelays: number;
  readonly asked: Asked;
  /** Alertmanager's own clock, to a whole second; `null` where it did not say. */
  readonly clockMs: number | null;
  readonly clockToleranceMs: number;
}

/**
 * M10: the Watchdog is in Alertmanager, and was updated within twice the resend delay. Its mere presence says little: after the
 * end of Prometheus it goes on "firing" for four resend delays.
 */
export function judgeWatchdog(alerts: Outcome<readonly HeldAlert[]>, wanted: WatchdogWanted): Judgement {
  const text = `a fresh \`${wanted.alert}\` in Alertmanager wanted`;
  if (!alerts.ok) return unknown(`${text}; ${alerts.because}`);
  const clock = judgeAlertmanagerClock(wanted);
  if (clock) return clock;

  const own = alerts.value.filter(({ labels }) => isWatchdog(labels, wanted));
  if (own.length === 0) return fail(`${text}; it holds none`);
  if (wanted.resendDelayMs === null) return unknown(`${text}; Prometheus's resend delay is not known`);

  const limitMs = wanted.resendDelays * wanted.resendDelayMs;
  const [fromMs] = wanted.asked;
  // Of several with these labels the oldest speaks: each stands for a Prometheus that ought to be alive.
  const ageMs = fromMs - Math.min(...own.map(({ updatedAtMs }) => updatedAtMs));
  const seen = `last updated ${span(ageMs)} ago, within ${span(limitMs)} wanted (${wanted.resendDelays} × resend delay ${span(wanted.resendDelayMs)})`;
  if (!(ageMs <= limitMs)) return fail(`${text}; ${seen}`);
  if (-ageMs > wanted.clockToleranceMs) return unknown(`${text}; it was updated in the future: ${seen}`);
  if (!own.some(({ state }) => state !== 'suppressed')) {
    return unknown(`${text}; it is silenced or inhibited, so that nobody would hear of its end; ${seen}`);
  }
  return pass(`${text}; ${counted(own.length, 'alert')}, ${seen}`);
}

/** Ages are told by two clocks; they have to agree before an age means anything. */
function judgeAlertmanagerClock({ clockMs, asked, clockToleranceMs }: WatchdogWanted): Judgement | null {
  const wanted = `Alertmanager's clock within ${span(clockToleranceMs)} of the database's wanted`;
  if (clockMs === null) return unknown(`${wanted}; it did not tell its time`);
  // Its answer names a whole second: any instant of that second will do.
  const ahead = aheadMs(clockMs, asked);
  const off = ahead > 0 ? ahead : Math.max(0, -ahead - 1_000);
  return off <= clockToleranceMs ? null : fail(`${wanted}; it is ${span(off)} off`);
}

function isWatchdog(labels: HeldAlert['labels'], { alert, labels: more }: WatchdogWanted): boolean {
  return (
    labels['alertname'] === alert && Object.entries(more).every(([name, value]) => labels[name] === value)
  );
}

/** M11: the Watchdog's notification reached our own webhook within its repeat interval. `null`: it never did. */
export function judgeNotification(
  heardAtMs: Outcome<number | null>,
  { nowMs, withinMs }: { readonly nowMs: number; readonly withinMs: number },
): Judgement {
  const wanted = `the Watchdog's notification within ${span(withinMs)} wanted`;
  if (!heardAtMs.ok) return unknown(`${wanted}; ${heardAtMs.because}`);
  if (heardAtMs.value === null) return fail(`${wanted}; it never reached us`);
  const ageMs = nowMs - heardAtMs.value;
  if (!(ageMs >= 0)) return unknown(`${wanted}; it is said to have come in the future`);
  return ageMs <= withinMs
    ? pass(`${wanted}; it came ${span(ageMs)} ago`)
    : fail(`${wanted}; it last came ${span(ageMs)} ago`);
}
