import type { ChangeState } from './state.ts';

/** What somebody may want to do with a request; the same names in API, command line and web. */
export const CHANGE_ACTS = [
  'edit',
  'submit',
  'clone',
  'approve',
  'schedule',
  'announce',
  'claim-word',
  'discuss',
  'inform',
  'attach',
  'silence',
  'except',
  'veto',
  'dry-run',
  'start',
  'reject',
  'cancel',
] as const;
export type ChangeAct = (typeof CHANGE_ACTS)[number];

/** Who somebody is to a request, as the database knew it at the act. */
export interface Standing {
  readonly person: string;
  readonly isService: boolean;
  readonly roles: readonly string[];
  readonly onDuty: readonly string[];
  /** The human whose agent this is. */
  readonly agentOf?: string | null;
}

/** What a request says of its own people. */
export interface Involved {
  readonly state: ChangeState;
  readonly author: string;
  readonly executor: string;
  readonly team: readonly string[];
  /** An agent is refused where it is not said. */
  readonly criticality?: string;
  /** Its communications manager and its tactical lead, where the plan names them. */
  readonly communicators?: readonly string[];
}

interface Capability {
  /** The states in which it makes sense at all. */
  readonly states: readonly ChangeState[];
  /** Who may, in words for a refusal. */
  readonly who: string;
  readonly may: (standing: Standing, change: Involved) => boolean;
}

const OPEN = ['draft', 'unscheduled', 'scheduled'] as const;
const LIVE = [...OPEN, 'in-progress'] as const;
const SUBMITTED = ['unscheduled', 'scheduled', 'in-progress'] as const;

const isOwner = ({ person }: Standing, { author, executor, team }: Involved) =>
  person === author || person === executor || team.includes(person);
const isPerson = ({ isService }: Standing) => !isService;
const onDuty =
  (...rotas: readonly string[]) =>
  (standing: Standing) =>
    isPerson(standing) && rotas.some((rota) => standing.onDuty.includes(rota));

/** One table: who may do what with a request, and while it stands where. What the policy says comes on top. */
const CAPABILITIES = {
  edit: { states: OPEN, who: 'its author, its executor and its team', may: isOwner },
  submit: { states: ['draft'], who: 'its author, its executor and its team', may: isOwner },
  clone: {
    states: [...LIVE, 'complete', 'aborted', 'rejected', 'cancelled'],
    who: 'everybody',
    may: () => true,
  },
  // A draft asks nothing of anybody: what was said of it would stand for a plan that nobody submitted.
  approve: { states: SUBMITTED, who: 'a person other than its author', may: isPerson },
  schedule: {
    states: ['unscheduled', 'scheduled'],
    who: 'its author, its executor and its team',
    may: isOwner,
  },
  announce: {
    states: ['unscheduled', 'scheduled'],
    who: 'its author, its executor and its team',
    may: isOwner,
  },
  'claim-word': {
    states: ['unscheduled', 'scheduled'],
    who: 'a person among its author, its executor and its team',
    may: (standing, change) => isPerson(standing) && isOwner(standing, change),
  },
  discuss: {
    states: [...LIVE, 'complete', 'aborted', 'rejected', 'cancelled'],
    who: 'everybody',
    may: () => true,
  },
  inform: {
    states: [...SUBMITTED, 'complete', 'aborted'],
    who: 'its author, its executor, its team, or who communicates: named by it, or on duty',
    may: (standing, change) =>
      isOwner(standing, change) ||
      change.communicators?.includes(standing.person) === true ||
      onDuty('cmoc', 'imoc', 'eoc')(standing),
  },
  attach: {
    states: [...LIVE, 'complete', 'aborted', 'rejected', 'cancelled'],
    who: 'a person, or the service that is its author',
    may: (standing, { author }) => isPerson(standing) || standing.person === author,
  },
  silence: {
    states: ['in-progress'],
    who: 'a person among its author, its executor and its team, or who leads it',
    may: (standing, change) =>
      isPerson(standing) &&
      (isOwner(standing, change) || change.communicators?.includes(standing.person) === true),
  },
  except: { states: OPEN, who: 'its author, its executor and its team', may: isOwner },
  veto: { states: LIVE, who: 'the engineer on call', may: onDuty('eoc') },
  'dry-run': { states: OPEN, who: 'its author, its executor and its team', may: isOwner },
  start: {
    states: ['unscheduled', 'scheduled'],
    who: 'its executor',
    may: ({ person }, { executor }) => person === executor,
  },
  reject: {
    states: ['unscheduled', 'scheduled'],
    who: 'the engineer on call, management or the Director of Reliability',
    may: (standing) =>
      onDuty('eoc')(standing) ||
      (isPerson(standing) && standing.roles.some((role) => role === 'management' || role === 'director')),
  },
  cancel: { states: OPEN, who: 'its author, its executor and its team', may: isOwner },
} as const satisfies Record<ChangeAct, Capability>;

const ofItsHuman = ({ agentOf }: Standing, { author }: Involved) => agentOf === author;

/**
 * What an agent may: prepare what its human is the author of, and execute what is C4.
 * INVARIANT: what is not in here an agent may not, whatever it is to the request.
 */
const BY_AGENT: Partial<Record<ChangeAct, Capability>> = {
  // What was submitted is its human's: an edit of it takes back what others have said.
  edit: { states: ['draft'], who: 'its people, or the agent of its author', may: ofItsHuman },
  'dry-run': {
    states: OPEN,
    who: 'its people, or the agent of its author',
    may: (standing, change) => ofItsHuman(standing, change) || standing.person === change.executor,
  },
  start: {
    states: ['unscheduled', 'scheduled'],
    who: 'its executor, and no agent above C4',
    may: ({ person }, { executor, criticality }) => person === executor && criticality === 'C4',
  },
};

/** `null` if it may be done; else what was wanted and what was seen, in one line. */
export function whyNot(act: ChangeAct, standing: Standing, change: Involved): string | null {
  const isAgent = typeof standing.agentOf === 'string';
  const capability: Capability | undefined = isAgent ? BY_AGENT[act] : CAPABILITIES[act];
  if (!capability) return `expected a person, got the agent \`${standing.person}\``;
  const { states, who, may } = capability;
  if (!states.includes(change.state)) {
    return `expected a change that is ${states.join(' or ')}, got one that is \`${change.state}\``;
  }
  return may(standing, change) ? null : `expected ${who}, got \`${standing.person}\``;
}
