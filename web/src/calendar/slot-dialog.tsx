import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ChangePage } from '../../../src/contract/change-lists.ts';
import { Dialog } from '../parts/dialog.tsx';
import { DialogForm } from '../parts/dialog-form.tsx';
import { useSilence } from '../parts/silence.ts';
import { Instant } from '../parts/instant.tsx';
import { spanText } from '../parts/time.ts';
import { api, send } from '../server/api.ts';
import { askMe } from '../server/questions.ts';
import type { Wanted } from './grid.tsx';
import { Refused } from './refused.tsx';
import { SlotAdvice } from './slot-advice.tsx';

/** So long nobody has to type before the server is asked. */
const STILL_MS = 400;

interface SlotDialogProps {
  readonly wanted: Wanted;
  /** What the dialog is called, where it is not opened on the calendar. */
  readonly title?: string;
  readonly onClose: () => void;
}

/** A slot that is drawn, moved or written: what there is to know of it, then the server's verdict. */
export function SlotDialog({ wanted, title, onClose }: SlotDialogProps) {
  const queries = useQueryClient();
  const [change, setChange] = useState(wanted.change ?? '');
  const [start, setStart] = useState(fieldText(wanted.start));
  const [end, setEnd] = useState(fieldText(wanted.end));
  const [known, setKnown] = useState<readonly string[]>([]);
  const [stillStart] = useDebouncedValue(start, STILL_MS);
  const [stillEnd] = useDebouncedValue(end, STILL_MS);
  const slot = slotOf(stillStart, stillEnd);
  const asking = useMutation({
    mutationFn: (tentative: boolean) =>
      send('POST', `/changes/${encodeURIComponent(change)}/schedule`, {
        slot: slotOf(start, end),
        tentative,
        acknowledgesConflicts: known,
      }),
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries();
    },
  });
  const silence = useSilence();
  const lacks = lacking(change, start, end) ?? silence;
  const pencilIn = () => {
    if (lacks === null && !asking.isPending) asking.mutate(true);
  };
  return (
    <Dialog
      title={title ?? (wanted.change === undefined ? 'Plan a slot' : `Move ${wanted.change}`)}
      onClose={onClose}
    >
      <DialogForm
        label="Ask for it"
        lacks={lacks}
        pending={asking.isPending}
        onSend={() => asking.mutate(false)}
        onLeave={onClose}
        also={
          <Button variant="default" aria-disabled={lacks !== null} onClick={pencilIn}>
            Only pencil it in
          </Button>
        }
      >
        {wanted.change === undefined && <OwnChanges value={change} onChange={setChange} />}
        <When start={start} end={end} onStart={setStart} onEnd={setEnd} />
        {change !== '' && slot !== null && (
          <SlotAdvice change={change} slot={slot} known={known} onKnown={setKnown} />
        )}
        {asking.isError && <Refused error={asking.error} />}
      </DialogForm>
    </Dialog>
  );
}

function lacking(change: string, start: string, end: string): string | null {
  if (change === '') return 'A change is needed.';
  return slotOf(start, end) === null ? 'It ends after it begins.' : null;
}

function slotOf(start: string, end: string): { readonly start: string; readonly end: string } | null {
  return start !== '' && end > start ? { start: `${start}:00Z`, end: `${end}:00Z` } : null;
}

function fieldText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16);
}

interface WhenProps {
  readonly start: string;
  readonly end: string;
  readonly onStart: (text: string) => void;
  readonly onEnd: (text: string) => void;
}

function When({ start, end, onStart, onEnd }: WhenProps) {
  const slot = slotOf(start, end);
  return (
    <>
      <Group gap="sm" grow>
        <TextInput
          type="datetime-local"
          label="From, UTC"
          value={start}
          onChange={({ currentTarget }) => onStart(currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label="To, UTC"
          value={end}
          onChange={({ currentTarget }) => onEnd(currentTarget.value)}
        />
      </Group>
      {slot && (
        <p className="quiet">
          <Instant at={slot.start} /> for {spanText(Date.parse(slot.end) - Date.parse(slot.start))}
        </p>
      )}
    </>
  );
}

const PLANNABLE = ['draft', 'unscheduled', 'scheduled'];

/** The changes that the reader may plan: their own, or those that they execute. */
function OwnChanges({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (id: string) => void;
}) {
  const me = useQuery(askMe).data?.name;
  const all = useQuery({ queryKey: ['changes'], queryFn: () => api<ChangePage>('/changes') });
  const own = (all.data?.changes ?? []).filter(
    ({ state, author, executor }) => PLANNABLE.includes(state) && (author === me || executor === me),
  );
  return (
    <NativeSelect
      label="Change"
      value={value}
      data={[
        { value: '', label: own.length === 0 ? 'You have none that could be planned' : 'Choose' },
        ...own.map(({ id, title, criticality }) => ({ value: id, label: `${id} ${title} (${criticality})` })),
      ]}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}
