import { changeRecord } from '../contract/changes.ts';
import type { AppContext } from './context.ts';
import { digestOf } from './digest.ts';

/** What can be read at one address and changed by its parts. */
export type Resource =
  | 'change'
  | 'claim'
  | 'directory'
  | 'incident'
  | 'lock'
  | 'person'
  | 'rota'
  | 'rota-source'
  | 'run'
  | 'webhook'
  | 'workday';

interface Tagged {
  /** Members that move by themselves, or with other things: no write is stale by them. */
  readonly aside: readonly string[];
  /** The members that are its state, where the view shows more than it; all but those aside without this. */
  readonly only?: readonly string[];
  /** The view without what differs at each asking though nothing that is shown moved. */
  readonly shown?: (view: Members) => unknown;
}

type Members = Readonly<Record<string, unknown>>;

const TAGGED: Readonly<Record<Resource, Tagged>> = {
  // What is computed for the view, now and later, is no part of what is stored.
  change: { aside: [], only: Object.keys(changeRecord.shape), shown: withoutAsking },
  claim: { aside: ['leaseExpiresAt'] },
  // What the last applying changed is said once, in its answer.
  directory: { aside: ['changes'] },
  incident: { aside: [] },
  lock: { aside: ['warnings'] },
  person: { aside: [] },
  // The instant and what lies within some days of it move by themselves.
  rota: { aside: [], only: ['version'] },
  'rota-source': { aside: ['triedAt', 'failure', 'goodAt', 'goodUntil', 'lapsed', 'unmapped'] },
  run: { aside: ['runnerAlive'] },
  webhook: { aside: [] },
  workday: { aside: [] },
};

/**
 * The entity tag of what is shown, without its quotes: `<state>.<shown>`. The first part moves with what is stored of the resource
 * itself, and a conditional write compares that one; the second with everything that the view shows.
 */
export function entityTag(context: AppContext, resource: Resource, view: unknown): string {
  const members = wire(view);
  const { shown } = TAGGED[resource];
  return `${stateTag(context, resource, members)}.${short(context, shown ? shown(members) : members)}`;
}

/** The part of the tag that a conditional write compares. */
export function stateTag(context: AppContext, resource: Resource, view: unknown): string {
  const { aside, only } = TAGGED[resource];
  const state = Object.entries(wire(view)).filter(([name]) =>
    only ? only.includes(name) : !aside.includes(name),
  );
  return short(context, Object.fromEntries(state));
}

/** The same part of a tag that a client sends. */
export function stateOfTag(tag: string): string {
  return tag.split('.')[0] ?? '';
}

/** The facts name the instant of asking, so their digest is another each time; an opening that is now is that instant. */
function withoutAsking(view: Members): unknown {
  const { verdict, ...rest } = view;
  if (!isMembers(verdict) || !isMembers(verdict['decision'])) return view;
  const { nextOpening: at, ...decision } = verdict['decision'];
  const nextOpening = typeof at === 'string' && Date.parse(at) <= Date.now() ? 'now' : at;
  return { ...rest, verdict: { ...verdict, decision: { ...decision, facts: null, nextOpening } } };
}

/** As it goes over the wire. */
function wire(view: unknown): Members {
  const value: unknown = JSON.parse(JSON.stringify(view));
  return isMembers(value) ? value : {};
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null;
}

function short(context: AppContext, value: unknown): string {
  return digestOf(context, value).slice('sha256:'.length, 'sha256:'.length + 32);
}
