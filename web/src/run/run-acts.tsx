import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RunView } from '../../../src/contract/runs.ts';
import type { RunWord } from '../../../src/kernel/run/acts.ts';
import { Act } from '../parts/act.tsx';
import { Said } from '../parts/said.tsx';
import { send } from '../server/api.ts';
import { askActs, askWords } from '../server/questions.ts';
import classes from './run-page.module.css';

const ASKING = 'The server is being asked.';

/** What this person may say about a run now; what they may not stands there with the reason. */
export function RunActs({ run }: { readonly run: Omit<RunView, 'steps'> }) {
  const words = useQuery(askWords(run.id));
  const whyNot = (word: RunWord) =>
    words.data ? (words.data.words.find((one) => one.word === word)?.whyNot ?? null) : ASKING;
  const say = (word: RunWord) => (because: string) => send('POST', `/runs/${run.id}/${word}`, { because });
  const common = { object: run.id, reason: 'over', size: 'md' } as const;
  return (
    <div className={classes['acts']} role="group" aria-label={`What to do with ${run.id}`} data-print="hide">
      <HoldAct run={run} blocked={whyNot('hold')} />
      <Act
        {...common}
        label="Go on"
        weight="words"
        variant="default"
        blocked={whyNot('go-on')}
        says="The verdict is asked at once; where it allows it, the run goes on."
        act={say('go-on')}
      />
      {run.hold?.cause === 'approval' && (
        <Act
          {...common}
          label="Say yes to the step"
          weight="words"
          variant="default"
          blocked={whyNot('approve-step')}
          says={<Said text={run.hold.because} />}
          act={say('approve-step')}
        />
      )}
      <Act
        {...common}
        label="Roll back"
        weight="typed"
        color="stop"
        variant="outline"
        blocked={whyNot('roll-back')}
        says="Every step that may have acted is undone, the last one first, as its plan says."
        act={say('roll-back')}
      />
      <Act
        {...common}
        label="Abort"
        weight="typed"
        color="stop"
        variant="outline"
        blocked={whyNot('abort')}
        says="The run is given up as it stands: nothing more is done, and nothing is undone."
        act={say('abort')}
      />
      <VetoAct change={run.change} />
    </div>
  );
}

function HoldAct({
  run,
  blocked,
}: {
  readonly run: Omit<RunView, 'steps'>;
  readonly blocked: string | null;
}) {
  const [now, setNow] = useState(false);
  return (
    <Act
      label="Hold"
      always
      object={run.id}
      weight="words"
      size="md"
      reason="over"
      blocked={blocked}
      says={
        now
          ? 'A step that may be interrupted is stopped at once; any other is finished.'
          : 'It stops at the next safe place, and nothing goes on without a word.'
      }
      fields={
        <Checkbox
          mt="sm"
          label="At once, not at the next safe place"
          checked={now}
          onChange={(event) => setNow(event.currentTarget.checked)}
        />
      }
      act={(because) => send('POST', `/runs/${run.id}/hold`, { because, now })}
    />
  );
}

/** The veto of the engineer on call: it stops the change wherever it stands, until it is lifted. */
export function VetoAct({
  change,
  size = 'md',
}: {
  readonly change: string;
  readonly size?: 'sm' | 'md' | 'xl';
}) {
  const [back, setBack] = useState(false);
  const acts = useQuery(askActs(change));
  const blocked = acts.data ? (acts.data.acts.find(({ act }) => act === 'veto')?.whyNot ?? null) : ASKING;
  return (
    <Act
      label="Veto"
      always
      object={change}
      weight="typed"
      color="stop"
      size={size}
      fullWidth={size === 'xl'}
      reason={size === 'xl' ? 'beside' : 'over'}
      blocked={blocked}
      says="The change stops, and nothing of it starts until the veto is lifted. Undoing it stays possible."
      fields={
        <Checkbox
          mt="sm"
          label="Stop its rollback too"
          checked={back}
          onChange={(event) => setBack(event.currentTarget.checked)}
        />
      }
      act={(reason) => send('POST', '/vetoes', { change, reason, stopsRollback: back })}
    />
  );
}
