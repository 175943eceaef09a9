import { useQuery } from '@tanstack/react-query';
import type { NowAnswer } from '../../../src/contract/gate.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { VERDICT_TONES } from '../parts/tones.ts';
import { Page } from '../parts/page.tsx';
import { distanceText } from '../parts/time.ts';
import { askNow } from '../server/questions.ts';
import { Instant } from '../parts/instant.tsx';

type Environment = NowAnswer['environments'][number];
type Answer = Environment['answers'][number];

/** The one answer: may production change now, and if not, why and from when. */
export function NowPage() {
  const now = useQuery(askNow);
  return (
    <Page title="May production change now?" tab="Now">
      <Answered query={now}>
        {({ at, environments, policy }) => (
          <>
            <p className="quiet">
              <Instant at={at} />, by the policy of {policy.name}
            </p>
            {environments
              .filter(({ operational }) => operational)
              .map((environment) => (
                <Signals key={environment.name} environment={environment} at={at} />
              ))}
            <OutOfScope environments={environments} />
          </>
        )}
      </Answered>
    </Page>
  );
}

function Signals({ environment, at }: { readonly environment: Environment; readonly at: string }) {
  return (
    <section aria-labelledby={`at-${environment.name}`}>
      <h2 id={`at-${environment.name}`}>{environment.name}</h2>
      <div className="signals">
        {environment.answers.map((answer) => (
          <Signal key={answer.criticality} answer={answer} at={at} />
        ))}
      </div>
    </section>
  );
}

function Signal({ answer, at }: { readonly answer: Answer; readonly at: string }) {
  const { criticality, allowed, verdicts, nextOpening } = answer;
  return (
    <article
      className={`panel padded ${allowed ? 'go' : 'stop'}`}
      aria-label={`${criticality}: ${allowed ? 'go' : 'stop'}`}
    >
      <div className="answer">
        {criticality} {allowed ? 'go' : 'stop'}
      </div>
      {verdicts.length === 0 && (
        <p className="quiet">No rule says no to a change of this kind, as it stands.</p>
      )}
      <ul>
        {verdicts.map(({ rule, verdict, because }) => (
          <li key={rule}>
            <Badge tone={VERDICT_TONES[verdict]}>{rule}</Badge> {because}
          </li>
        ))}
      </ul>
      {!allowed && <Opening nextOpening={nextOpening} at={at} />}
    </article>
  );
}

function Opening({ nextOpening, at }: { readonly nextOpening: string | null; readonly at: string }) {
  if (nextOpening === null) return <p className="quiet">Time alone will not open it.</p>;
  if (Date.parse(nextOpening) <= Date.parse(at)) {
    return <p className="quiet">The hours would allow it; what stands in the way is above.</p>;
  }
  return (
    <p>
      Hours and locks open <strong>{distanceText(Date.parse(nextOpening), Date.parse(at))}</strong>,{' '}
      <Instant at={nextOpening} />
    </p>
  );
}

function OutOfScope({ environments }: { readonly environments: readonly Environment[] }) {
  const names = environments.filter(({ operational }) => !operational).map(({ name }) => name);
  if (names.length === 0) return null;
  return <p className="quiet">Not operational, so out of scope: {names.join(', ')}</p>;
}
