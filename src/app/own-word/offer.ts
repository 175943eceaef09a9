import type { OwnWord, OwnWords } from '../../contract/own-words.ts';
import { linkOfPerson } from '../../store/account-links.ts';
import { issueOfChange } from '../../store/change-issues.ts';
import { findChange, type ChangeRow } from '../../store/changes.ts';
import type { Queries } from '../../store/database.ts';
import type { OwnPlace } from '../../store/lent-right-tables.ts';
import { lentRight } from '../../store/lent-rights.ts';
import { ownWordsOf, type OwnWordRow } from '../../store/own-words.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { Connection } from '../ports/connection.ts';
import { phraseFor } from '../tracker/issue-word.ts';

/** A press counts for what is true now: what could not be posted for so long is not posted any more. */
export const LATEST_S = 600;
export const TOO_LATE = 'it could not be posted within ten minutes of the press, and was not: press again';

/** What one person's press would post at one place. */
export interface Offer {
  readonly place: OwnPlace;
  readonly connection: string;
  readonly where: string;
  readonly account: string | null;
  readonly body: string;
  /** The link it goes by; `null` with the reason why it cannot. */
  readonly link: string | null;
  readonly because: string | null;
}

/** What the caller may have posted for a request, and what was. */
export async function readOwnWords(context: AppContext, call: Call, id: string): Promise<Outcome<OwnWords>> {
  const row = await findChange(context.db, id);
  if (!row) return refuse('not_found', `expected a change, got \`${id}\`, which there is none of`);
  const offers = await offersOf(context, context.db, call.actor.person, row);
  const words = (await ownWordsOf(context.db, id)).map(ownWordView);
  return done({
    digest: row.digest,
    offers: offers.map(({ link, ...offer }) => ({ ...offer, ready: link !== null })),
    words,
  });
}

/** One offer a place that the policy has elsewhere, where its peer can lend; none where no written word is asked for. */
export async function offersOf(
  context: AppContext,
  db: Queries,
  person: string,
  row: ChangeRow,
): Promise<Offer[]> {
  if (row.criticality !== 'C1' && row.criticality !== 'C2') return [];
  const { issue, chat } = context.policy.file.connections;
  const places = [
    ['issue', issue],
    ['chat', chat],
  ] as const;
  const offers: Offer[] = [];
  for (const [place, name] of places) {
    const peer = context.connections.all.find((one) => one.name === name);
    if (peer?.offers.lending) offers.push(await offerAt(db, { place, peer, person }, row));
  }
  return offers;
}

async function offerAt(
  db: Queries,
  { place, peer, person }: { readonly place: OwnPlace; readonly peer: Connection; readonly person: string },
  row: ChangeRow,
): Promise<Offer> {
  const { name } = peer;
  const link = await linkOfPerson(db, name, person);
  const right = link && (await lentRight(db, link.id));
  const issue = place === 'issue' ? ((await issueOfChange(db, row.id))?.issue ?? null) : null;
  const because =
    !right || right.sealed === null
      ? `nobody posts as you at ${name}: link your account there with the right to post, on your page under People`
      : right.broken_because !== null
        ? right.broken_because
        : place === 'issue' && issue === null
          ? `its issue at ${name} is not open yet: wait a moment`
          : null;
  return {
    place,
    connection: name,
    where: issue ?? peer.peer,
    account: link?.shown_as ?? null,
    body: bodyFor(place, row),
    link: because === null && link ? link.id : null,
    because,
  };
}

/** Of the request and the digest alone: whoever names the digest has seen the text. */
function bodyFor(place: OwnPlace, { id, digest }: Pick<ChangeRow, 'id' | 'digest'>): string {
  const says = `I approve the start of ${id} as the engineer on call, for plan ${digest}.`;
  return place === 'issue' ? `${phraseFor(digest)}\n\n${says}` : says;
}

export function ownWordView(
  row: OwnWordRow & { readonly waits_because: string | null; readonly age_seconds: number },
): OwnWord {
  const isLate = row.counted === null && row.age_seconds > LATEST_S;
  return {
    id: row.id,
    person: row.person,
    place: row.place,
    connection: row.connection,
    digest: row.digest,
    body: row.body,
    askedAt: row.asked_at.toISOString(),
    state: row.counted === true ? 'counted' : row.counted === false || isLate ? 'refused' : 'on-its-way',
    because: row.because ?? (isLate ? TOO_LATE : row.waits_because),
    receipt: row.receipt,
  };
}
