import { formatInstant } from '../calendar/instant.ts';
import type { Decision, RuleId, Verdict } from './rule.ts';

/** The answer that a case demands. What is absent of the lists is not looked at, but for `denies`: absent means none. */
export type Demanded = {
  readonly allowed: boolean;
  readonly denies?: readonly RuleId[] | undefined;
  readonly unknown?: readonly RuleId[] | undefined;
  readonly warns?: readonly RuleId[] | undefined;
  readonly excepted?: readonly RuleId[] | undefined;
  readonly nextOpening?: number | null | undefined;
};

/** In what a decision differs from what was demanded, a line each; empty if it does not. */
export function caseDifferences(demanded: Demanded, decision: Decision): readonly string[] {
  return [
    ...(decision.allowed === demanded.allowed
      ? []
      : [`allowed: expected ${demanded.allowed}, got ${decision.allowed}`]),
    ...denialDifferences(demanded.denies ?? [], decision),
    ...lacking('unknown', demanded.unknown, decision),
    ...lacking('warn', demanded.warns, decision),
    ...lacking('excepted', demanded.excepted, decision),
    ...openingDifference(demanded.nextOpening, decision.nextOpening),
  ];
}

function denialDifferences(wanted: readonly RuleId[], { verdicts }: Decision): string[] {
  const refusing = verdicts.filter(({ verdict }) => verdict === 'deny' || verdict === 'unknown');
  const surplus = refusing.filter(({ rule }) => !wanted.includes(rule));
  const absent = wanted.filter((rule) => !refusing.some((verdict) => verdict.rule === rule));
  return [
    ...surplus.map(
      ({ rule, verdict, because }) => `${rule}: expected no refusal, got ${verdict}: ${because}`,
    ),
    ...absent.map((rule) => `${rule}: expected deny or unknown, got ${said(rule, verdicts)}`),
  ];
}

function lacking(verdict: Verdict, wanted: readonly RuleId[] | undefined, { verdicts }: Decision): string[] {
  return (wanted ?? [])
    .filter((rule) => !verdicts.some((one) => one.rule === rule && one.verdict === verdict))
    .map((rule) => `${rule}: expected ${verdict}, got ${said(rule, verdicts)}`);
}

function said(rule: RuleId, verdicts: Decision['verdicts']): string {
  const found = verdicts.find((one) => one.rule === rule);
  return found === undefined ? 'nothing (it does not apply)' : `${found.verdict}: ${found.because}`;
}

function openingDifference(wanted: number | null | undefined, got: number | null): string[] {
  return wanted === undefined || wanted === got
    ? []
    : [`nextOpening: expected ${openingText(wanted)}, got ${openingText(got)}`];
}

function openingText(instant: number | null): string {
  return instant === null ? 'null' : formatInstant(instant);
}
