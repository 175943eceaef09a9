import { findIncident, holdIncident } from '../store/incidents.ts';
import type { Transaction } from '../store/database.ts';
import { lockChange } from '../store/changes.ts';
import { lockClaim } from '../store/claims.ts';
import { directoryInForce } from '../store/directories.ts';
import { lockPeople, lockPerson } from '../store/people.ts';
import { rotaVersion } from '../store/rota-entries.ts';
import { lockRota } from '../store/rota.ts';
import { sourceOf } from '../store/rota-sources.ts';
import { stepsOfRun } from '../store/run-steps.ts';
import { lockRun } from '../store/runs.ts';
import { lockEndpoint } from '../store/webhook-endpoints.ts';
import { workdayOf } from '../store/workdays.ts';
import { rotaName } from '../contract/people.ts';
import type { Condition } from './actor.ts';
import { changeView } from './change/view.ts';
import { claimView } from './claim/view.ts';
import type { AppContext } from './context.ts';
import { stateOfTag, stateTag, type Resource } from './entity-tag.ts';
import { directoryViewOf } from './identity/directory.ts';
import { readIncident } from './incident/record.ts';
import { holdLock } from './lock/lock.ts';
import { refuse, type Refused } from './outcome.ts';
import { personView } from './people/view.ts';
import { sourceView } from './rota/source.ts';
import { runView } from './run/view.ts';
import { webhookView } from './webhook/manage.ts';

/** Entity tags as a client names them, without quotes; `*` is any. */
export type Tags = '*' | readonly string[];

/** What whoever calls expects of a resource, or nothing is done. */
export interface Expected {
  readonly resource: Resource;
  readonly id: string;
  /** The write is for one of these states. */
  readonly matches: Tags | null;
  /** The write is for none of these; `*`: only where there is nothing yet. */
  readonly matchesNone: Tags | null;
}

/** What a write is asked first, in its own transaction. */
export function conditionOf(context: AppContext, expected: Expected): Condition {
  return (tx) => whyNotExpected(tx, context, expected);
}

/**
 * Why a write is not for what is there now, or `null`. What is asked about is held until the transaction ends, by the same row
 * that every write to it holds: nobody comes in between.
 */
async function whyNotExpected(
  tx: Transaction,
  context: AppContext,
  expected: Expected,
): Promise<Refused | null> {
  const { resource, id, matches, matchesNone } = expected;
  const view = await HOLD[resource](tx, context, id);
  // Where a write does not make it, the write itself says that there is none.
  if (view === null && !MADE_BY_PUT.has(resource)) return null;
  const now = view === null ? null : stateTag(context, resource, view);
  const what = `${resource}${id === '' ? '' : ` \`${id}\``}`;
  if (matches !== null && !isAmong(now, matches))
    return refuse('stale', `expected the ${what} as it was read, got another by now: read it again`);
  return matchesNone !== null && isAmong(now, matchesNone)
    ? refuse('stale', `expected no such ${what} yet, got one: read it`)
    : null;
}

function isAmong(now: string | null, tags: Tags): boolean {
  return now !== null && (tags === '*' || tags.some((tag) => stateOfTag(tag) === now));
}

const MADE_BY_PUT: ReadonlySet<Resource> = new Set<Resource>(['rota-source']);

type Hold = (tx: Transaction, context: AppContext, id: string) => Promise<unknown>;

/** Holds what is asked about, and reads it as the API shows it; `null` where there is none. */
const HOLD: Readonly<Record<Resource, Hold>> = {
  change: async (tx, _context, id) => {
    const row = await lockChange(tx, id);
    return row ? changeView(tx, row) : null;
  },
  claim: async (tx, _context, id) => {
    const held = await lockClaim(tx, id);
    return held && claimView(held.claim);
  },
  directory: async (tx) => {
    await lockPeople(tx);
    return directoryViewOf(await directoryInForce(tx));
  },
  incident: async (tx, _context, id) => {
    await holdIncident(tx, id);
    return (await findIncident(tx, id)) ? readIncident(tx, id) : null;
  },
  lock: holdLock,
  person: async (tx, _context, id) => {
    const row = await lockPerson(tx, id);
    return row ? personView(row) : null;
  },
  rota: async (tx) => {
    await lockRota(tx);
    return { version: await rotaVersion(tx) };
  },
  'rota-source': async (tx, _context, id) => {
    await lockRota(tx);
    const row = await sourceOf(tx, rotaName.parse(id));
    return row ? sourceView(row) : null;
  },
  run: async (tx, _context, id) => {
    const held = await lockRun(tx, id);
    return held && runView(held.run, await stepsOfRun(tx, id));
  },
  webhook: async (tx, _context, id) => {
    const row = await lockEndpoint(tx, id);
    return row ? webhookView(row) : null;
  },
  workday: async (tx, _context, id) => {
    await lockPerson(tx, id);
    return { workday: (await workdayOf(tx, id)) ?? null };
  },
};
