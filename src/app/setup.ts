import type { Setup } from '../contract/setup.ts';
import type { Finding } from '../contract/doctor.ts';
import { ROLES, SEVERITIES, type ApproverRole } from '../kernel/policy/facts.ts';
import type { Policy, Ways } from '../kernel/policy/policy.ts';
import { listBastions } from '../store/bastions.ts';
import { listChanges } from '../store/change-list.ts';
import { listPeople, type PersonRow } from '../store/people.ts';
import { examineBudgets } from './budget/unread.ts';
import type { AppContext } from './context.ts';
import { examineMonitoring, examineRotas } from './examine.ts';
import { whySuperseded } from './policy-in-force.ts';

type Step = Setup['steps'][number];
/** What is there, and what is missing; nothing is missing of what is done. */
type Looked = { readonly there: string; readonly missing: readonly string[] };

/** What there is to set up before a first change, each by what is so now. */
export async function readSetup(context: AppContext): Promise<Setup> {
  const steps: Step[] = [
    ...(await ofPolicy(context)),
    step(
      'people',
      'People hold the roles that approve',
      'interlock user add rhea --role reviewer',
      await people(context),
    ),
    step(
      'rota',
      'Somebody is on call at any time of the next 14 days',
      'interlock rota set FILE',
      ofFindings(await examineRotas(context)),
    ),
    step(
      'monitoring',
      'Monitoring proves that it lives',
      'interlock doctor',
      ofFindings(await examineMonitoring(context)),
    ),
    step(
      'bastions',
      'Each environment has a bastion',
      'interlock bastion register NAME --environment ENVIRONMENT',
      await bastions(context),
    ),
    step(
      'integrations',
      'Channel and tracker are reached',
      'interlock integration list',
      integrations(context),
    ),
    step(
      'first-change',
      'A first change is filed',
      'interlock change open plan.yaml',
      await firstChange(context),
    ),
  ];
  return { done: steps.every(({ done }) => done), steps };
}

/** What the policy file has to say. */
async function ofPolicy(context: AppContext): Promise<readonly Step[]> {
  return [
    step('policy', 'A policy is in force', 'interlock policy explain', await policyIn(context)),
    step(
      'environments',
      'Environments and services are named',
      'interlock policy lint FILE',
      environments(context),
    ),
    step(
      'error-budgets',
      'Each error budget can be read',
      'interlock policy lint FILE',
      ofFindings([examineBudgets(context)]),
    ),
  ];
}

function step(name: Step['step'], title: string, how: string, { there, missing }: Looked): Step {
  const done = missing.length === 0;
  return { step: name, title, done, text: done ? there : missing.join('; '), how };
}

function said({ part, text }: Finding): string {
  return `${part}: ${text}`;
}

/** A warning too is something to set up: a gap next week is one. */
function ofFindings(findings: readonly Finding[]): Looked {
  return {
    there: findings.map(said).join('; '),
    missing: findings.filter(({ status }) => status !== 'ok').map(said),
  };
}

const SHIPPED = /policies[/\\]illumidesk\.yaml$/;

async function policyIn(context: AppContext): Promise<Looked> {
  const { policy, path } = context.policy;
  const superseded = await whySuperseded(context, context.db);
  const shipped = SHIPPED.test(path)
    ? ', as it ships: name your own by INTERLOCK_POLICY if it is not yours'
    : '';
  return {
    there: `“${policy.name}” is in force${shipped}`,
    missing: superseded === null ? [] : [superseded],
  };
}

function environments({ policy: { policy } }: AppContext): Looked {
  const names = operational(policy);
  const services = policy.errorBudgets.size;
  return {
    there: `operational: ${names.join(', ')}; ${services} ${services === 1 ? 'service has' : 'services have'} an error budget`,
    missing: names.length === 0 ? ['the policy names no operational environment'] : [],
  };
}

function operational({ environments: all }: Policy): string[] {
  return [...all].filter(([, { operational: is }]) => is).map(([name]) => name);
}

async function people({ db, policy: { policy } }: AppContext): Promise<Looked> {
  const all = (await listPeople(db)).filter(
    ({ kind, disabled_at }) => kind === 'person' && disabled_at === null,
  );
  const { director, management, review, exemption } = policy.approvals;
  const asked: readonly (readonly [string, Ways])[] = [
    ['the director’s approval', director],
    ['the approval of management', management],
    ['a review', review],
    ['an exemption from a lock', exemption],
  ];
  const missing = asked
    .filter(([, ways]) => !ways.any.some((roles) => roles.every((role) => isHeld(all, role))))
    .map(([what, { inWords }]) => `nobody can give ${what} (${inWords})`);
  return {
    there: `${humans(all)} people; ${ROLES.map((role) => `${humans(holders(all, role))} ${role}`).join(', ')}`,
    missing: [...missing, ...tooFewReviewers(policy, all)],
  };
}

/** Whoever is on call holds their role by the rota, which is looked at by itself. */
function isHeld(all: readonly PersonRow[], role: ApproverRole): boolean {
  return role === 'eoc' || role === 'imoc' || holders(all, role).length > 0;
}

function holders(
  all: readonly PersonRow[],
  role: Exclude<ApproverRole, 'eoc' | 'imoc'>,
): readonly PersonRow[] {
  return all.filter(({ roles }) => roles.includes(role));
}

/** Several accounts of one human are one voice. */
function humans(rows: readonly PersonRow[]): number {
  return new Set(rows.map(({ name, same_human_as }) => same_human_as ?? name)).size;
}

function tooFewReviewers({ severities }: Policy, all: readonly PersonRow[]): string[] {
  const there = humans(holders(all, 'reviewer'));
  const most = Math.max(...SEVERITIES.map((severity) => severities[severity].reviewers));
  const worst = SEVERITIES.filter((severity) => severities[severity].reviewers > there);
  return worst.length === 0
    ? []
    : [
        `up to ${most} reviewers are wanted (${worst.join(', ')}), ${there === 0 ? 'none is' : `${there} there`}`,
      ];
}

async function bastions({ db, policy: { policy } }: AppContext): Promise<Looked> {
  const standing = (await listBastions(db)).filter(
    ({ role, revoked_at, expires_at }) =>
      role === 'bastion' && revoked_at === null && expires_at > new Date(),
  );
  const without = operational(policy).filter(
    (name) => !standing.some(({ environment }) => environment === name),
  );
  return {
    there: standing.map(({ name, environment }) => `${name} of ${environment}`).join(', '),
    missing: without.map((name) => `${name} has none`),
  };
}

/** What the policy says is elsewhere has to be reached; what is built in is there. */
function integrations({ policy: { file }, connections }: AppContext): Looked {
  const { issue, chat } = file.connections;
  const names = connections.all.map(({ name }) => name);
  const wanted = [
    ['tracker', issue],
    ['channel', chat],
  ] as const;
  return {
    there: `tracker ${issue}, channel ${chat}; connected: ${names.join(', ') || 'nothing else'}`,
    missing: wanted
      .filter(([, name]) => name !== 'builtin' && !names.includes(name))
      .map(
        ([what, name]) => `the policy has its ${what} at ${name}, which integrations.yaml does not connect`,
      ),
  };
}

async function firstChange({ db }: AppContext): Promise<Looked> {
  const [newest] = await listChanges(db, {}, 1);
  return newest
    ? { there: `the newest is ${newest.id}`, missing: [] }
    : { there: '', missing: ['none was filed yet'] };
}
