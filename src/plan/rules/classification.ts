import type { Criticality } from '../../contract/plan.ts';
import type { Flaw, LintRule } from '../rule.ts';
import { saysNothing } from '../empty-words.ts';

/** What the request says of itself, and whether its own plan bears it out. */
export const classificationRules: readonly LintRule[] = [
  {
    id: 'criticality-below-topics',
    level: 'error',
    counts: null,
    policy: 'criticality-floor',
    find: ({ plan, policy }) =>
      plan.topics.flatMap((topic) => {
        const floor = policy?.topics.get(topic);
        return floor === undefined || !isLower(plan.criticality, floor)
          ? []
          : [tooLow(floor, plan.criticality, `the topic \`${topic}\``)];
      }),
  },
  {
    id: 'topic-unknown',
    level: 'error',
    counts: null,
    policy: 'criticality-floor',
    find: ({ plan, policy }) =>
      plan.topics.flatMap((topic, i) =>
        policy === undefined || policy.topics.has(topic)
          ? []
          : [
              {
                path: ['topics', i],
                message: `expected a topic of the policy, got \`${topic}\``,
                fix: `Choose among ${listed(policy.topics.keys())}.`,
              },
            ],
      ),
  },
  {
    id: 'downtime-below-c1',
    level: 'error',
    counts: null,
    policy: 'criticality-floor',
    find: ({ plan, policy }) => {
      const floor = policy?.downtime ?? 'C1';
      return plan.downtime === 0 || !isLower(plan.criticality, floor)
        ? []
        : [tooLow(floor, plan.criticality, 'a change with downtime')];
    },
  },
  {
    id: 'environment-unknown',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ plan, policy }) =>
      policy?.environments === undefined || policy.environments.has(plan.environment)
        ? []
        : [
            {
              path: ['environment'],
              message: `expected an environment of the policy, got \`${plan.environment}\``,
              fix: `Choose among ${listed(policy.environments.keys())}.`,
            },
          ],
  },
  {
    id: 'exception-without-effect',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ plan, policy }) =>
      plan.exceptions.flatMap(({ rule }, i) => {
        if (policy === undefined) return [];
        const known = new Map<string, { readonly exception: boolean }>(Object.entries(policy.rules));
        if (known.get(rule)?.exception) return [];
        const possible = [...known].filter(([, { exception }]) => exception).map(([name]) => name);
        return [
          {
            path: ['exceptions', i, 'rule'],
            message: `expected a rule for which an exception can be approved, got \`${rule}\``,
            fix: `Keep the rule; exceptions are possible for ${listed(possible)}.`,
          },
        ];
      }),
  },
  {
    id: 'service-not-honest',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ plan }) => {
      const manual = plan.steps.find((step) => step.manual !== undefined || step.approval !== undefined);
      if (plan.kind !== 'service' || (plan.downtime === 0 && !manual)) return [];
      const why = manual ? `the manual step \`${manual.name}\`` : 'a downtime';
      return [
        {
          path: ['kind'],
          message: `expected \`maintenance\` for a change with ${why}, got \`service\``,
          fix: 'Write `kind: maintenance`; a service change is automated and has no downtime.',
        },
      ];
    },
  },
  {
    id: 'title-contradicts',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ plan }) =>
      [plan.title, plan.description].flatMap((text, i) =>
        (text.match(/(?<![\w-])[CS][1-4](?![\w-])/g) ?? [])
          .filter((said) => said !== (said.startsWith('C') ? plan.criticality : plan.severity))
          .slice(0, 1)
          .map((said) => ({
            path: [i === 0 ? 'title' : 'description'],
            message: `expected the text to agree with \`${said.startsWith('C') ? plan.criticality : plan.severity}\` of the plan, got \`${said}\``,
            fix: 'Find out which of the two is meant, and correct the other.',
          })),
      ),
  },
  {
    id: 'target-elsewhere',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ plan }) =>
      plan.targets.flatMap((target, i) =>
        target.environment === undefined || target.environment === plan.environment
          ? []
          : [
              {
                path: ['targets', i, 'environment'],
                message: `expected a target in \`${plan.environment}\`, got \`${target.name}\` in \`${target.environment}\``,
                fix: 'Take it out, or make a change of its own for that environment.',
              },
            ],
      ),
  },
  {
    id: 'not-tested',
    level: 'error',
    counts: 'complete',
    policy: null,
    find: ({ plan }) =>
      !saysNothing(plan.testedBefore)
        ? []
        : [
            {
              path: ['testedBefore'],
              message: `expected where this was tested before and how that went, got \`${plan.testedBefore}\``,
              fix: 'Test it where it can do no harm, and say where, when and with what result.',
              ...(plan.criticality === 'C4' && { level: 'warning' as const }),
            },
          ],
  },
];

const listed = (names: Iterable<string>) => [...names].map((name) => `\`${name}\``).join(', ');

const tooLow = (floor: Criticality, got: Criticality, what: string): Flaw => ({
  path: ['criticality'],
  message: `expected \`${floor}\` or higher for ${what}, got \`${got}\``,
  fix: `Write \`criticality: ${floor}\`, or ask for an exception to \`criticality-floor\`.`,
});

const isLower = (one: Criticality, than: Criticality) => one > than;
