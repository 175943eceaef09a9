import { NumberInput, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ChangeView } from '../../../src/contract/changes.ts';
import { askLaidPlan } from '../change/laid-plan.ts';
import { useWhyNot } from '../change/why-not.ts';
import { Act } from '../parts/act.tsx';
import { Answered } from '../parts/answered.tsx';
import { Empty } from '../parts/empty.tsx';
import { Section } from '../parts/page.tsx';
import { send } from '../server/api.ts';
import { askSilencesOf } from './ask.ts';
import { matchersOf } from './matchers.ts';
import { SilenceRows } from './silence-rows.tsx';
import rows from '../parts/rows.module.css';

/** The silences that were made for a change, and the way to one more. */
export function SilencesOf({ view }: { readonly view: ChangeView }) {
  const silences = useQuery(askSilencesOf(view.id));
  return (
    <Section title="Silences">
      <Answered query={silences}>
        {(answer) =>
          answer.silences.length === 0 ? (
            <Empty title="No alert was silenced for it." />
          ) : (
            <SilenceRows label="Silences of the change" silences={answer.silences} />
          )
        }
      </Answered>
      <div className={rows['acts']}>
        <MakeAct view={view} />
      </div>
    </Section>
  );
}

function MakeAct({ view }: { readonly view: ChangeView }) {
  const blocked = useWhyNot(view.id)('silence');
  const targets = useQuery({ ...askLaidPlan(view), enabled: blocked === null }).data?.plan.targets ?? [];
  const names = targets.map(({ name }) => name);
  const [labels, setLabels] = useState<string | null>(null);
  const [minutes, setMinutes] = useState<number | string>(30);
  const written = labels ?? (names[0] === undefined ? '' : `instance=${names[0]}`);
  return (
    <Act
      label="Silence alerts"
      object=""
      variant="default"
      weight="words"
      blocked={blocked}
      says="What bears all of these labels notifies nobody. It ends with the run, and no later than the plan's estimates say; incidents and error budgets look at it all the same."
      fields={
        <>
          <Textarea
            mt="sm"
            label="Labels"
            description={`label=value, one a line. One of them names a target of the plan${names.length > 0 ? `: ${named(names)}` : ''}.`}
            rows={3}
            spellCheck={false}
            value={written}
            onChange={({ currentTarget }) => setLabels(currentTarget.value)}
          />
          <NumberInput
            mt="sm"
            mb="sm"
            label="Minutes at most"
            value={minutes}
            min={1}
            max={1_440}
            allowDecimal={false}
            onChange={setMinutes}
          />
        </>
      }
      act={async (reason) => {
        const body = { matchers: matchersOf(written), minutes: Number(minutes), reason };
        await send('POST', `/changes/${encodeURIComponent(view.id)}/silences`, body);
        setLabels(null);
      }}
    />
  );
}

const MOST = 5;

function named(names: readonly string[]): string {
  const more = names.length > MOST ? ` and ${names.length - MOST} more` : '';
  return `${names.slice(0, MOST).join(', ')}${more}`;
}
