import { Group, NativeSelect, NumberInput, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Instant } from '../parts/instant.tsx';
import { spanText } from '../parts/time.ts';
import type { Move } from './reschedule.ts';

const UNITS = { h: 3_600_000, d: 86_400_000 } as const;

interface MoveFormProps {
  readonly move: Move | null;
  readonly onMove: (move: Move | null) => void;
}

/** Where the selected changes go. */
export function MoveForm({ move, onMove }: MoveFormProps) {
  const [kind, setKind] = useState<Move['kind']>('shift');
  return (
    <>
      <SegmentedControl
        aria-label="How they are moved"
        data={[
          { value: 'shift', label: 'By so much' },
          { value: 'slot', label: 'All to one slot' },
        ]}
        value={kind}
        onChange={(value) => {
          setKind(value);
          onMove(null);
        }}
      />
      {kind === 'shift' ? <Shift onMove={onMove} /> : <OneSlot onMove={onMove} />}
      <p className="quiet" role="status">
        {move === null && 'Say by how much, or to which slot.'}
        {move?.kind === 'shift' &&
          `Each moves ${spanText(move.ms)} ${move.ms > 0 ? 'later' : 'earlier'} and keeps its length.`}
        {move?.kind === 'slot' && (
          <>
            <Instant at={move.slot.start} /> for{' '}
            {spanText(Date.parse(move.slot.end) - Date.parse(move.slot.start))}
          </>
        )}
      </p>
    </>
  );
}

function Shift({ onMove }: Pick<MoveFormProps, 'onMove'>) {
  const [count, setCount] = useState<number | string>('');
  const [unit, setUnit] = useState<keyof typeof UNITS>('h');
  const tell = (amount: number | string, of: keyof typeof UNITS) => {
    setCount(amount);
    setUnit(of);
    const ms = typeof amount === 'number' ? Math.round(amount * UNITS[of]) : 0;
    onMove(ms === 0 ? null : { kind: 'shift', ms });
  };
  return (
    <Group gap="sm" align="end">
      <NumberInput
        label="Later by"
        description="Less than nothing is earlier."
        min={-10_000}
        max={10_000}
        allowDecimal={false}
        value={count}
        onChange={(amount) => tell(amount, unit)}
      />
      <NativeSelect
        aria-label="Of what"
        data={[
          { value: 'h', label: 'hours' },
          { value: 'd', label: 'days of 24 hours' },
        ]}
        value={unit}
        onChange={({ currentTarget }) => tell(count, currentTarget.value as keyof typeof UNITS)}
      />
    </Group>
  );
}

function OneSlot({ onMove }: Pick<MoveFormProps, 'onMove'>) {
  const [start, setStart] = useState('');
  const [end, setEnd] = useState('');
  const tell = (from: string, to: string) => {
    setStart(from);
    setEnd(to);
    onMove(
      from !== '' && to > from ? { kind: 'slot', slot: { start: `${from}:00Z`, end: `${to}:00Z` } } : null,
    );
  };
  return (
    <Group gap="sm" grow>
      <TextInput
        type="datetime-local"
        label="From, UTC"
        value={start}
        onChange={({ currentTarget }) => tell(currentTarget.value, end)}
      />
      <TextInput
        type="datetime-local"
        label="To, UTC"
        value={end}
        onChange={({ currentTarget }) => tell(start, currentTarget.value)}
      />
    </Group>
  );
}
