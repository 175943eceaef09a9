import { useQuery } from '@tanstack/react-query';
import type { HidingSilence } from '../../../src/contract/silences.ts';
import { Answered } from '../parts/answered.tsx';
import { Empty } from '../parts/empty.tsx';
import { Page, Section } from '../parts/page.tsx';
import { askSilences } from './ask.ts';
import { SilenceRows } from './silence-rows.tsx';

/** What notifies nobody for a change, wherever it runs. */
export function SilencesPage() {
  const silences = useQuery(askSilences);
  return (
    <Page
      title="Silences"
      lead="Alerts of a target that notify nobody while a change runs on it. A silence ends with its run, unless it is handed to the engineer on call."
    >
      <Answered query={silences}>{(answer) => <All silences={answer.silences} />}</Answered>
    </Page>
  );
}

function All({ silences }: { readonly silences: readonly HidingSilence[] }) {
  const standing = silences.filter(({ state }) => state !== 'ended');
  const ended = silences.filter(({ state }) => state === 'ended');
  return (
    <>
      <Section title="Standing">
        {standing.length === 0 ? (
          <Empty title="Nothing is silenced.">
            While a change runs its people silence the alerts of its targets, on its page or by{' '}
            <code>interlock silence make</code>.
          </Empty>
        ) : (
          <SilenceRows label="Silences that stand" silences={standing} />
        )}
      </Section>
      <Section title="Ended within a week">
        {ended.length === 0 ? (
          <Empty title="None." />
        ) : (
          <SilenceRows label="Silences that ended" silences={ended} />
        )}
      </Section>
    </>
  );
}
