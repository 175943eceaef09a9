import type { Kind, Severity, Stage } from '../kernel/policy/facts.ts';
import { CRITICALITIES, type Criticality } from '../kernel/policy/facts.ts';
import { isMaintenance, type Profile } from '../kernel/policy/profile.ts';
import type { Policy } from '../kernel/policy/policy.ts';
import { requirementsOf, type Requirement } from '../kernel/policy/requirement.ts';
import type { Action } from '../kernel/policy/rule.ts';
import type { CliContext } from './context.ts';
import { loadPolicy } from './policy-source.ts';

export const FORMATS = ['text', 'markdown', 'json'] as const;

export type ExplainOptions = {
  readonly policy?: string;
  readonly criticality?: Criticality;
  readonly severity: Severity;
  readonly kind: Kind;
  readonly deployment?: Stage;
  readonly graduated?: boolean;
  readonly format: (typeof FORMATS)[number];
};

type Ceremony = { readonly profile: Profile; readonly title: string; readonly asked: readonly Requirement[] };

/** `interlock policy explain`: the ceremony of a kind of change as a checklist. */
export async function explainPolicy(context: CliContext, options: ExplainOptions): Promise<number> {
  const { policy } = await loadPolicy(context, options.policy);
  const ceremonies = (options.criticality === undefined ? CRITICALITIES : [options.criticality]).map(
    (criticality) => ceremonyOf(policy, { ...options, criticality }),
  );
  if (options.format === 'json') context.stdout(`${JSON.stringify(ceremonies.map(asJson), null, 2)}\n`);
  else context.stdout(ceremonies.map((one) => asList(one, options.format === 'markdown')).join('\n'));
  return 0;
}

function ceremonyOf(policy: Policy, options: ExplainOptions & { criticality: Criticality }): Ceremony {
  const { criticality, severity, kind, deployment, graduated } = options;
  const profile = {
    criticality,
    severity,
    kind,
    deployment: deployment ?? null,
    graduated: graduated === true,
  };
  const effective = isMaintenance(policy, profile) ? 'maintenance' : 'service';
  const how = kind === effective ? `${kind} change` : `${kind} change that counts as ${effective}`;
  const stage = deployment === undefined ? '' : `, ${deployment} deployment`;
  const mature = profile.graduated ? ', by a graduated procedure' : '';
  return {
    profile,
    title: `${criticality} ${severity} ${how}${stage}${mature}`,
    asked: requirementsOf(policy, profile),
  };
}

const MOMENTS: readonly (readonly [Action, string])[] = [
  ['schedule', 'To take a slot'],
  ['start', 'To start'],
  ['step', 'Before every step'],
  ['complete', 'To complete'],
];

/** Each requirement under the first moment at which it is asked; steps repeat what has to stay true. */
function asList({ title, asked }: Ceremony, markdown: boolean): string {
  const blocks = MOMENTS.map(([action, moment], index) => {
    const earlier = MOMENTS.slice(0, index).map(([one]) => one);
    const repeats = action === 'step' || action === 'complete';
    const items = asked.filter(
      ({ at }) => at.includes(action) && (repeats || !earlier.some((one) => at.includes(one))),
    );
    const lines = items.map((item) =>
      markdown
        ? `- [ ] ${item.what}${marks(item)} \`${item.rule}\``
        : `  [ ] ${item.what}${marks(item)}  (${item.rule})`,
    );
    return [markdown ? `### ${moment}\n` : `${moment}:`, ...lines, ''].join('\n');
  });
  return [markdown ? `## ${title}\n` : title, ...blocks].join('\n');
}

function marks({ level, exception }: Requirement): string {
  return `${level === 'warn' ? ' Only warns.' : ''}${exception ? ' An exception can be approved.' : ''}`;
}

function asJson({ profile, asked }: Ceremony) {
  return { change: profile, requirements: asked };
}
