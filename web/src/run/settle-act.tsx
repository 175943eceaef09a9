import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RunView, StepView } from '../../../src/contract/runs.ts';
import { Act } from '../parts/act.tsx';
import { send } from '../server/api.ts';
import { askWords } from '../server/questions.ts';
import classes from './steps.module.css';

const WORDS = [
  { value: '', label: 'What did it do?' },
  { value: 'happened', label: 'It happened' },
  { value: 'did-not-happen', label: 'It did not happen' },
  { value: 'undetermined', label: 'Nobody can tell' },
];

/** What a step did of which nobody heard: a person looks, and states it. */
export function SettleAct({ run, step }: { readonly run: RunView; readonly step: StepView }) {
  const [settlement, setSettlement] = useState('');
  const words = useQuery(askWords(run.id));
  const blocked = words.data
    ? (words.data.words.find(({ word }) => word === 'settle')?.whyNot ?? null)
    : 'The server is being asked.';
  const { list, position } = step;
  return (
    <div className={classes['settle']}>
      <Act
        label="Settle"
        object={step.name}
        weight="words"
        size="xs"
        variant="default"
        blocked={blocked}
        says="Look at what the step was to change, and state what you saw and how you know. It is not tried again by this."
        fields={
          <NativeSelect
            mt="sm"
            label="What it did"
            data={WORDS}
            value={settlement}
            onChange={(event) => setSettlement(event.currentTarget.value)}
          />
        }
        act={(statement) => send('POST', `/runs/${run.id}/settle`, { list, position, settlement, statement })}
      />
    </div>
  );
}
