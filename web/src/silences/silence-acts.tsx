import { NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { HidingSilence } from '../../../src/contract/silences.ts';
import { useWhyNot } from '../change/why-not.ts';
import { Act } from '../parts/act.tsx';
import { send } from '../server/api.ts';
import { askMe, askRota } from '../server/questions.ts';

interface ActProps {
  readonly silence: HidingSilence;
}

const pathOf = ({ change, id }: HidingSilence) => `/changes/${encodeURIComponent(change)}/silences/${id}`;

/** Why whoever looks may not touch it, or `null`: it is theirs, they are on call, or the change is theirs. */
function useWhyNotMine({ change, by, handedTo }: HidingSilence): string | null {
  const me = useQuery(askMe).data;
  const whyNot = useWhyNot(change)('silence');
  if (me === undefined) return 'The server is being asked.';
  if (me.name === by || me.name === handedTo || me.onDuty.includes('eoc')) return null;
  return whyNot;
}

/** Has alerts tell again at once. */
export function EndAct({ silence }: ActProps) {
  const blocked = useWhyNotMine(silence);
  return (
    <Act
      label="End it"
      object=""
      size="xs"
      variant="default"
      weight="press"
      reason="over"
      blocked={blocked}
      says={
        silence.hides !== null && silence.hides.length > 0
          ? `${[...new Set(silence.hides)].join(', ')} fires now and is told from then on.`
          : 'What it matches is told again from then on.'
      }
      act={() => send('DELETE', pathOf(silence))}
    />
  );
}

const MOST_MINUTES = 1_440;

/** Gives it to the engineer on call, beyond its run. */
export function HandOverAct({ silence }: ActProps) {
  const mine = useWhyNotMine(silence);
  const eoc = useQuery(askRota).data?.onDuty.eoc ?? null;
  const [minutes, setMinutes] = useState<number | string>(60);
  const blocked = mine ?? (eoc === null ? 'Nobody is the engineer on call, who would have it.' : null);
  return (
    <Act
      label="Hand it over"
      object=""
      size="xs"
      variant="default"
      weight="words"
      reason="over"
      blocked={blocked}
      says={`${eoc ?? 'The engineer on call'} has it beyond the run, and is told.`}
      fields={
        <NumberInput
          mt="sm"
          label="Minutes from now"
          value={minutes}
          min={1}
          max={MOST_MINUTES}
          allowDecimal={false}
          onChange={setMinutes}
        />
      }
      act={(because) => send('POST', `${pathOf(silence)}/hand-over`, { minutes: Number(minutes), because })}
    />
  );
}
