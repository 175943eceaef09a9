import type { FactsDocument } from '../contract/facts.ts';
import type { Transaction } from '../store/database.ts';
import type { ShiftRow } from '../store/rota.ts';
import type { InJson } from '../store/rows-in-json.ts';
import { readWhatStands, type Looked, type WhatStands } from '../store/what-stands.ts';
import type { QuestionFacts } from './facts.ts';
import { sourceFacts } from './source-facts.ts';

type Of<K extends keyof FactsDocument> = NonNullable<FactsDocument[K]>;

/** What stands whoever asks: rota, incidents, vetoes, what runs, whose accounts are one person's. */
export interface Standing {
  /** The instant of the question, epoch milliseconds: nothing that was read is later, and from here on locks were looked for. */
  readonly at: number;
  readonly links: ReadonlyMap<string, string>;
  readonly people: Of<'people'>;
  readonly rota: Of<'rota'>;
  readonly incidents: Of<'incidents'>;
  readonly vetoes: Of<'vetoes'>;
  readonly running: Of<'running'>;
  readonly sources: Of<'sources'>;
  readonly locks: WhatStands['locks'];
}

/** Which part of it is looked at. */
export interface Reach extends Pick<Looked, 'environments' | 'people' | 'on' | 'incident' | 'from' | 'to'> {
  /** By which it is known whom to have heard. */
  readonly question: Pick<QuestionFacts, 'incidentPeers' | 'policy'>;
}

/** What stands, as facts. Whatever else a decision looks at and has an instant is read before. */
export async function standingFacts(tx: Transaction, { question, ...looked }: Reach): Promise<Standing> {
  const { incidentPeers, policy } = question;
  const { shifts, incidents, vetoes, running, links, sources, locks, roles, at } = await readWhatStands(tx, {
    ...looked,
    incidentPeers: incidentPeers.map(({ name }) => name),
    peerAnswerAgeMs: policy.file.limits.peerAnswerAge,
  });
  return {
    at,
    links: new Map(links.map(({ name, same_human_as }) => [name, same_human_as])),
    people: Object.fromEntries(roles.map(({ name, roles: held }) => [name, held])),
    rota: { eoc: rotaOf(shifts, 'eoc'), imoc: rotaOf(shifts, 'imoc'), cmoc: rotaOf(shifts, 'cmoc') },
    incidents: incidents.map(({ id, severity, resolved_at }) => ({
      id,
      severity,
      status: resolved_at === null ? 'active' : 'resolved',
    })),
    vetoes: vetoes.map(({ by, vetoed, at: laidAt, stops_rollback }) => ({
      by,
      change: vetoed,
      at: instantText(laidAt),
      liftedAt: null,
      stopsRollback: stops_rollback,
    })),
    running,
    sources: sourceFacts(sources, incidentPeers),
    locks,
  };
}

/** The shifts of one rota as facts. */
export function rotaOf(shifts: readonly (ShiftRow | InJson<ShiftRow>)[], rota: string) {
  return shifts
    .filter((shift) => shift.rota === rota)
    .map(({ person, start, end }) => ({ person, ...spanText({ start, end }) }));
}

/** As rows have it, as JSON has it, or epoch milliseconds. */
type Instant = Date | string | number;

interface Span {
  readonly start: Instant;
  readonly end: Instant;
}

/** As facts have it: UTC, to the millisecond. */
export function spanText({ start, end }: Span) {
  return { start: instantText(start), end: instantText(end) };
}

function instantText(instant: Instant): string {
  return new Date(instant).toISOString();
}
