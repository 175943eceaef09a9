import { useQuery } from '@tanstack/react-query';
import type { ChangeView } from '../../../src/contract/changes.ts';
import type { VerbalWordView } from '../../../src/contract/verbal-words.ts';
import { Act } from '../parts/act.tsx';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { api, send } from '../server/api.ts';
import { askMe } from '../server/questions.ts';
import rows from '../parts/rows.module.css';

interface ByVoiceProps {
  readonly view: ChangeView;
  /** Why whoever looks may not say what the engineer on call said, or `null`. */
  readonly blocked: string | null;
}

/** What the engineer on call is said to have said. It counts from when they confirm it themselves, and for the plan as it was then. */
export function ByVoice({ view, blocked }: ByVoiceProps) {
  const words = useQuery({
    queryKey: ['change', view.id, 'verbal'],
    queryFn: () => api<{ words: VerbalWordView[] }>(`/changes/${view.id}/verbal`),
  });
  return (
    <Section
      title="By voice"
      aside={
        <Act
          label="They said yes"
          object={view.id}
          size="xs"
          variant="default"
          weight="press"
          blocked={blocked}
          reason="over"
          says="The engineer on call is asked to confirm that they approved the start by voice. Until they do it counts for nothing."
          act={() => send('POST', `/changes/${view.id}/verbal`, {})}
        />
      }
    >
      <Answered query={words}>
        {({ words: all }) =>
          all.length === 0 ? (
            <Empty title="Nothing was said by voice." />
          ) : (
            <ul className={rows['rows']}>
              {all.map((word) => (
                <li key={word.id}>
                  <OneWord view={view} word={word} />
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Section>
  );
}

function OneWord({ view, word }: { readonly view: ChangeView; readonly word: VerbalWordView }) {
  const me = useQuery(askMe).data?.name;
  const { id, speaker, claimedBy, claimedAt, confirmedAt, digest } = word;
  return (
    <>
      <div className={rows['line']}>
        <span className={rows['title']}>{speaker} is said to have approved the start</span>
        <Badge tone={confirmedAt === null ? 'quiet' : 'go'}>
          {confirmedAt === null ? 'not confirmed' : 'confirmed'}
        </Badge>
      </div>
      <div className={rows['more']}>
        said by {claimedBy}, <Instant at={claimedAt} />
        {confirmedAt !== null && (
          <>
            ; confirmed <Instant at={confirmedAt} />
          </>
        )}
        {digest !== view.digest && '; the plan was edited since'}
      </div>
      {confirmedAt === null && (
        <Act
          label="Confirm"
          object={view.id}
          size="xs"
          weight="press"
          blocked={me === speaker ? null : `Only ${speaker} can confirm what ${speaker} said.`}
          says={
            <>
              You approved the start of this plan by voice, <code>{digest.slice(0, 19)}…</code>. Your word
              counts from now on.
            </>
          }
          act={() => send('POST', `/changes/${view.id}/verbal/${id}/confirm`)}
        />
      )}
    </>
  );
}
