import { durationText } from '../../contract/duration.ts';
import { type Check, type MeasureKind, MEASURES } from '../../contract/check.ts';
import type { Flaw, LintRule } from '../rule.ts';
import { overlapOf } from '../range.ts';

/** Checks: each measurable, and there where the policy wants them. */
export const checkRules: readonly LintRule[] = [
  {
    id: 'check-without-value',
    level: 'error',
    counts: 'unquantifiedChecks',
    policy: 'checks-quantified',
    find: ({ checks }) =>
      checks.flatMap(({ check, path }) =>
        hasValue(check)
          ? []
          : [
              {
                path,
                message: `expected a value to compare with, got none in check \`${check.name}\``,
                fix: 'Write `expect` with a number or another value that means success.',
              },
            ],
      ),
  },
  {
    id: 'no-preflight',
    level: 'error',
    counts: null,
    policy: 'preflight-present',
    find: ({ plan }) =>
      plan.preflight.length > 0
        ? []
        : [none('preflight', 'pre-flight check', 'Measure what must be true before the first step.')],
  },
  {
    id: 'no-postcheck',
    level: 'error',
    counts: null,
    policy: 'postcheck-present',
    find: ({ plan }) =>
      plan.postchecks.length > 0
        ? []
        : [none('postchecks', 'post-verification check', 'Measure the new state on every target.')],
  },
  {
    id: 'target-without-postcheck',
    level: 'error',
    counts: 'complete',
    policy: null,
    find: ({ plan }) => {
      // Where a host belongs says nothing of how it is: an inventory covers no target (ADR 0092).
      const measuring = plan.postchecks.filter(({ inventory }) => inventory === undefined);
      const covered = new Set(measuring.flatMap(({ targets }) => targets));
      return plan.targets.flatMap(({ name }, i) =>
        covered.has(name)
          ? []
          : [
              {
                path: ['targets', i],
                message: `expected a post-verification check that covers target \`${name}\`, got none`,
                fix: 'Measure it there too, and name it in the `targets` of that check.',
              },
            ],
      );
    },
  },
  {
    id: 'watching-too-short',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ plan: { watching } }) =>
      (watching?.checks ?? []).flatMap(({ name, after }, i) =>
        after <= (watching?.for ?? 0)
          ? []
          : [
              {
                path: ['watching', 'checks', i, 'after'],
                message: `expected check \`${name}\` within the \`${durationText(watching?.for ?? 0)}\` that it is watched, got one after \`${durationText(after)}\``,
                fix: 'Watch it longer, or measure earlier.',
              },
            ],
      ),
  },
  {
    id: 'ranges-overlap',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ plan, checks }) => [
      ...checks.flatMap(({ check, path }): readonly Flaw[] => {
        const value = check.expect && check.failWhen && overlapOf(check.expect, check.failWhen);
        return value === undefined || value === null ? [] : [overlap([...path, 'failWhen'], value)];
      }),
      ...plan.watch.flatMap((metric, i): readonly Flaw[] => {
        const value = overlapOf(metric.expect, metric.rollBackWhen);
        return value === null ? [] : [overlap(['watch', i, 'rollBackWhen'], value)];
      }),
    ],
  },
];

/** What some measures want by themselves, such as a port that answers, is a value; anything else needs one to compare with. */
function hasValue(check: Check): boolean {
  return check.expect !== undefined || MEASURES.some((kind) => OWN_VALUE[kind](check));
}

const OWN_VALUE = {
  postgres: () => false,
  prometheus: () => false,
  http: () => false,
  tcp: ({ tcp }) => tcp !== undefined,
  command: ({ command }) => command?.measure === 'status',
  tls: ({ tls }) => tls !== undefined && tls.names.length > 0,
  dns: ({ dns }) => dns?.records !== undefined && dns.measure === 'records',
  zone: ({ zone }) => zone !== undefined,
  count: () => false,
  file: ({ file }) => file?.measure === 'exists',
  process: ({ process }) => process !== undefined,
  port: ({ port }) => port !== undefined,
  alertmanager: ({ alertmanager }) => alertmanager !== undefined,
  inventory: ({ inventory }) => inventory !== undefined,
} satisfies Record<MeasureKind, (check: Check) => boolean>;

const none = (section: string, what: string, fix: string): Flaw => ({
  path: [section],
  message: `expected at least one ${what}, got none`,
  fix,
});

const overlap = (path: Flaw['path'], value: number | string): Flaw => ({
  path,
  message: `expected a failure range apart from the success range, got \`${value}\` in both`,
  fix: 'Move one of the two, so that no value means success and failure at once.',
});
