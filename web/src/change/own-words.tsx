import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ChangeView } from '../../../src/contract/changes.ts';
import type { OwnWord, OwnWords } from '../../../src/contract/own-words.ts';
import { Badge } from '../parts/badge.tsx';
import { Instant } from '../parts/instant.tsx';
import { Problem } from '../parts/problem.tsx';
import { Said } from '../parts/said.tsx';
import { askMe, askOwnWords } from '../server/questions.ts';
import classes from './own-words.module.css';

type Offer = OwnWords['offers'][number];
type Place = Offer['place'];

const PLACES: Readonly<Record<Place, string>> = { issue: 'the issue', chat: 'the channel' };

/** Where it is to be posted, and for which plan what is posted was shown. */
export interface Posts {
  readonly digest: string;
  readonly places: readonly Place[];
}

interface Choice {
  readonly change: string;
  /** `null` where it is not posted. */
  readonly posts: Posts | null;
  readonly onPosts: (posts: Posts | null) => void;
}

/** Whether the word is also posted where the policy wants it written, with what is posted, letter by letter. */
export function PostedWords({ change, posts, onPosts }: Choice) {
  const asked = useQuery(askOwnWords(change));
  if (asked.isError) return <Problem error={asked.error} />;
  const offers = asked.data?.offers ?? [];
  if (offers.length === 0) return null;
  const digest = asked.data?.digest ?? '';
  const ready = offers.filter((offer) => offer.ready).map(({ place }) => place);
  return (
    <div className={classes['offers']}>
      <Checkbox
        label={`Post my approval to ${offers.map(({ place }) => PLACES[place]).join(' and ')}`}
        description="As you, by the account that you linked. Each counts once it stands there."
        checked={posts?.digest === digest}
        disabled={ready.length === 0}
        onChange={(event) => onPosts(event.currentTarget.checked ? { digest, places: ready } : null)}
      />
      <dl>
        {offers.map((offer) => (
          <Posted key={offer.place} {...offer} />
        ))}
      </dl>
    </div>
  );
}

function Posted({ place, connection, where, account, body, because }: Offer) {
  const me = useQuery(askMe).data;
  return (
    <div>
      <dt>
        {`To ${PLACES[place]}, ${where}`}
        {because === null && account !== null && ` as ${account} at ${connection}`}
      </dt>
      <dd>
        {because === null ? (
          <pre className={classes['body']}>{body}</pre>
        ) : (
          <>
            <Badge tone="warn">not posted</Badge> <Said text={because} />.{' '}
            {me && (
              <Link to="/people/$name" params={{ name: me.name }}>
                Your accounts
              </Link>
            )}
          </>
        )}
      </dd>
    </div>
  );
}

/** What was to be posted for the plan in force and is not an approval, or not yet. */
export function UnsettledWords({ view }: { readonly view: ChangeView }) {
  const isAsked = view.criticality === 'C1' || view.criticality === 'C2';
  const asked = useQuery({
    ...askOwnWords(view.id),
    enabled: isAsked,
    // What is on its way is not recorded before it is there.
    refetchInterval: ({ state }) => (state.data?.words.some(isOnItsWay) ? 2_000 : false),
  });
  const words = newestOf(asked.data?.words ?? []).filter(
    ({ state, digest }) => state !== 'counted' && digest === view.digest,
  );
  if (words.length === 0) return null;
  return (
    <ul className={classes['words']} aria-label="Approvals to be posted">
      {words.map(({ id, person, place, connection, state, because, askedAt }) => (
        <li key={id}>
          {state === 'refused' ? (
            <Badge tone="stop">not posted</Badge>
          ) : (
            <Badge tone="warn">on its way</Badge>
          )}{' '}
          The approval of {person} to {PLACES[place]} at {connection}, asked for <Instant at={askedAt} />
          {because !== null && (
            <>
              : <Said text={because} />
            </>
          )}
          .
        </li>
      ))}
    </ul>
  );
}

const isOnItsWay = ({ state }: OwnWord) => state === 'on-its-way';

/** Of each person and place the last: whoever pressed again has said so. */
function newestOf(words: readonly OwnWord[]): readonly OwnWord[] {
  return words.filter((word, index) => words.findIndex((one) => whoseOf(one) === whoseOf(word)) === index);
}

const whoseOf = ({ person, place }: OwnWord) => `${person} ${place}`;
