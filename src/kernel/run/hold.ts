/** Why a run is held. */
export const HOLD_CAUSES = [
  'metrics',
  'presence',
  'incident',
  'veto',
  'watched',
  'policy',
  'step',
  'check',
  'unknown-step',
  'runner-lost',
  'runner-left',
  'hand-off',
  'approval',
  'person',
] as const;
export type HoldCause = (typeof HOLD_CAUSES)[number];

/**
 * Who ends a hold. `passes`: several allowed verdicts in a row, until the limit hands it to a person. `person`: a
 * person says go on, and the verdict then allows it. `note`: the hand-off note.
 */
export const HOLD_RELEASED_BY = {
  metrics: 'passes',
  presence: 'passes',
  incident: 'person',
  veto: 'person',
  watched: 'person',
  policy: 'person',
  step: 'person',
  check: 'person',
  'unknown-step': 'person',
  'runner-lost': 'person',
  'runner-left': 'person',
  'hand-off': 'note',
  approval: 'person',
  person: 'person',
} as const satisfies Record<HoldCause, 'passes' | 'person' | 'note'>;

/** A verdict that stands against going on, as the policy gave it. */
export interface Denial {
  readonly rule: string;
  readonly verdict: 'deny' | 'unknown';
  readonly because: string;
}

/** A standing hold. Instants are epoch milliseconds of the database's clock. */
export interface Hold {
  readonly cause: HoldCause;
  readonly because: string;
  readonly rules: readonly string[];
  readonly since: number;
  /** Who ordered it, where a person did. */
  readonly by: string | null;
  /** Ordered by the EOC or IMOC: only they may release it. */
  readonly dutyOnly: boolean;
  /** Allowed verdicts in a row since. */
  readonly passes: number;
  /** The limit of asking again has passed. */
  readonly needsPerson: boolean;
  /** Since when the rule that made it no longer denies; the cool-down counts from here. */
  readonly clearSince: number | null;
  /** Who said go on; used up by the next verdict. */
  readonly releasedBy: string | null;
}

/** The numbers of the retry policy (SAFETY sections 1 and 3). */
export interface HoldLimits {
  readonly passesInARow: number;
  readonly personAfterMs: number;
  readonly coolDownMs: number;
}

/** Rules whose denial takes hold at once, also inside a segment (POLICY section 7). */
const AT_ONCE: ReadonlySet<string> = new Set(['eoc-veto', 'run-from-bastion']);
const AT_ONCE_WHEN_FAILED: ReadonlySet<string> = new Set(['watched-metrics', 'preflight-passed']);

/** The denials that do not wait for the end of the segment: a veto, a lost bastion, a failed check. */
export function takingHoldAtOnce(denials: readonly Denial[]): readonly Denial[] {
  return denials.filter(
    ({ rule, verdict }) => AT_ONCE.has(rule) || (verdict === 'deny' && AT_ONCE_WHEN_FAILED.has(rule)),
  );
}

/** What kind of hold a set of denials makes; the one that asks most of people wins. */
export function causeOf(denials: readonly Denial[]): HoldCause {
  const has = (rule: string) => denials.some((denial) => denial.rule === rule);
  if (has('eoc-veto')) return 'veto';
  if (has('no-active-incident')) return 'incident';
  if (denials.some(({ rule, verdict }) => rule === 'watched-metrics' && verdict === 'deny')) return 'watched';
  if (denials.length === 1 && has('handoff-written')) return 'hand-off';
  const waits = new Set(['metrics-available', 'watched-metrics', 'eoc-engaged']);
  if (denials.some(({ rule }) => !waits.has(rule))) return 'policy';
  return has('metrics-available') || has('watched-metrics') ? 'metrics' : 'presence';
}

/** The hold that a set of denials makes. */
export function holdFor(denials: readonly Denial[], now: number): Hold {
  return {
    ...newHold(causeOf(denials), denials.map(({ because }) => because).join('; '), now),
    rules: denials.map(({ rule }) => rule),
  };
}

/** A hold that begins now and that nobody has answered yet. */
export function newHold(cause: HoldCause, because: string, now: number): Hold {
  return {
    cause,
    because,
    rules: [],
    since: now,
    by: null,
    dutyOnly: false,
    passes: 0,
    needsPerson: false,
    clearSince: null,
    releasedBy: null,
  };
}

/** A hold that a person's word comes on top of: a person ends it, and one on duty where the word was theirs. */
export function alsoHeldBy(
  hold: Hold,
  { by, dutyOnly }: { readonly by: string; readonly dutyOnly: boolean },
): Hold {
  return {
    ...hold,
    by: hold.dutyOnly ? hold.by : by,
    dutyOnly: hold.dutyOnly || dutyOnly,
    needsPerson: true,
    // It takes back a word to go on that was not used up yet.
    releasedBy: null,
  };
}

/**
 * A hold whose runner is gone. INVARIANT: a run that is taken over goes on by a word said to the runner that is there then, never by
 * itself, and never by a word that an earlier one did not come to use.
 */
export function withoutRunner(hold: Hold): Hold {
  return { ...hold, releasedBy: null, needsPerson: true };
}

/** Whether the verdict is worth asking again while this hold stands. */
export function asksAgain(hold: Hold): boolean {
  if (hold.releasedBy !== null || hold.cause === 'incident' || hold.cause === 'hand-off') return true;
  return HOLD_RELEASED_BY[hold.cause] === 'passes' && !hold.needsPerson;
}

/**
 * What becomes of a hold once the verdict was asked again: `null` when it ends, else the hold as it now stands.
 * A person's go-on is used up by the verdict that follows it; what then still denies makes a hold of its own.
 */
export function afterAsking(
  hold: Hold,
  denials: readonly Denial[],
  now: number,
  limits: HoldLimits,
): Hold | null {
  if (denials.length === 0) return afterPass(hold, now, limits);
  if (hold.releasedBy !== null) return holdFor(denials, now);
  // INVARIANT: what waits for a person goes on waiting for one, whatever else denies meanwhile.
  const fresh = causeOf(denials);
  const waits = HOLD_RELEASED_BY[hold.cause] === 'person' && HOLD_RELEASED_BY[fresh] !== 'person';
  // An incident leaves a cool-down and pre-flight checks behind it, and no other cause asks for those.
  const cause = waits || hold.cause === 'incident' ? hold.cause : fresh;
  const late = HOLD_RELEASED_BY[cause] === 'passes' && now - hold.since >= limits.personAfterMs;
  const incident = denials.some(({ rule }) => rule === 'no-active-incident');
  return {
    ...holdFor(denials, now),
    cause,
    since: hold.since,
    by: hold.by,
    dutyOnly: hold.dutyOnly,
    needsPerson: late || hold.by !== null,
    clearSince: incident || cause !== 'incident' ? null : (hold.clearSince ?? now),
  };
}

function afterPass(hold: Hold, now: number, limits: HoldLimits): Hold | null {
  if (hold.releasedBy !== null) return null;
  switch (HOLD_RELEASED_BY[hold.cause]) {
    case 'note':
      return null;
    case 'passes': {
      const passes = hold.passes + 1;
      if (!hold.needsPerson && passes >= limits.passesInARow) return null;
      const needsPerson = hold.needsPerson || now - hold.since >= limits.personAfterMs;
      return { ...hold, passes, needsPerson };
    }
    case 'person':
      return { ...hold, passes: hold.passes + 1, clearSince: hold.clearSince ?? now };
  }
}
