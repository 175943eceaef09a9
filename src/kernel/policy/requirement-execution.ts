import { lengthInWords, title } from './in-words.ts';
import type { RequirementText } from './requirement.ts';
import { isMaintenance } from './profile.ts';
import type { RuleId } from './rule.ts';

function ifAsked(rule: RuleId, text: string): RequirementText {
  return ({ criticalities }, { criticality }) => (criticalities[criticality].asks.has(rule) ? text : null);
}

function ifSevere(text: string): RequirementText {
  return ({ severities }, { severity }) => (severities[severity].severe ? text : null);
}

function always(text: string): RequirementText {
  return () => text;
}

/** What is asked at the start, while it runs and when it ends. */
export const EXECUTION = {
  'eoc-coordination': ({ criticalities }, { criticality, deployment }) =>
    deployment === 'production' && criticalities[criticality].asks.has('eoc-coordination')
      ? 'Under a soft lock: the EOC on duty approves the start.'
      : null,
  'release-coordination': ({ approvals }, { deployment }) =>
    deployment === null
      ? null
      : `As the monthly release under a lock other than release day: ${approvals.release.inWords} on duty approve the start.`,
  announced: ifAsked('announced', 'Its start is announced in the production channel.'),
  'eoc-written-issue': ifAsked(
    'eoc-written-issue',
    'The EOC on duty approves the start in writing on the issue.',
  ),
  'eoc-written-chat': ifAsked('eoc-written-chat', 'The EOC on duty approves the start in writing in chat.'),
  'eoc-verbal': ifAsked(
    'eoc-verbal',
    'The Situation Room is joined, and the EOC on duty approves the start by voice.',
  ),
  'eoc-engaged': ({ criticalities, limits }, { criticality }) =>
    criticalities[criticality].asks.has('eoc-engaged')
      ? `The EOC is there for the whole execution, seen within ${lengthInWords(limits.eocSeenWithinMs)}.`
      : null,
  'emoc-assigned': (policy, profile) => {
    const holder = isMaintenance(policy, profile) ? policy.emoc.maintenance : policy.emoc.service;
    const who = holder === 'executor' ? 'its executor' : `the ${title(holder)} on duty`;
    return policy.severities[profile.severity].severe
      ? `Its event manager is ${who}.`
      : `If an event manager is named: it is ${who}.`;
  },
  'cmoc-assigned': (policy, profile) =>
    isMaintenance(policy, profile) && policy.severities[profile.severity].severe
      ? 'Its communications manager is named, and on duty where there is a rota.'
      : null,
  'bridge-open': ifSevere('It has a change bridge.'),
  'no-active-incident': always('No incident is active.'),
  'metrics-available': always('Monitoring is proven alive.'),
  exclusive: ({ severities }, { severity }) =>
    severities[severity].severe ? 'Nothing else runs.' : 'Nothing runs that has to run alone.',
  awareness: ({ severities }, { severity }) =>
    severities[severity].severe ? null : 'Who starts it knows of every other change that runs.',
  'eoc-veto': always('No veto of an EOC stands.'),
  'run-from-bastion': (_, { deployment }) =>
    `Steps run from a bastion${deployment === null ? '' : ' or a registered deployer'} of the environment.`,
  'in-multiplexer': always('A script runs from the bastion inside tmux or screen.'),
  'planner-not-executor': always('Who executes it is not who wrote it.'),
  'preflight-passed': always('Every pre-flight check passed.'),
  'watched-metrics': always('No watched metric is in its failure range.'),
  'updates-due': always('Every audience has its update in time.'),
  overrun: always('It ends with its slot.'),
  'postchecks-passed': always('Every post-verification check passed.'),
  'handoff-written': (policy, profile) =>
    isMaintenance(policy, profile) ? 'The hand-off note is written.' : null,
} satisfies Partial<Record<RuleId, RequirementText>>;
