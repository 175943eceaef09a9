import { Button, Group, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ChangeSummary } from '../../../src/contract/changes.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Problem } from '../parts/problem.tsx';
import { ApiError } from '../server/api.ts';
import { LookedRows, type Result } from './looked-rows.tsx';
import { MoveForm } from './move-form.tsx';
import {
  lookAt,
  moveOne,
  whyNotYet,
  withEachOther,
  type Looked,
  type MayMove,
  type Move,
} from './reschedule.ts';

interface RescheduleDialogProps {
  readonly changes: readonly ChangeSummary[];
  readonly onClose: () => void;
}

/** Moves several changes: first each is looked at in its new slot, then they are moved one by one. */
export function RescheduleDialog({ changes, onClose }: RescheduleDialogProps) {
  const [move, setMove] = useState<Move | null>(null);
  const [known, setKnown] = useState<ReadonlySet<string>>(new Set());
  const looking = useMutation({ mutationFn: (to: Move) => lookAtAll(changes, to) });
  const { results, moving, begin, forget } = useMoving();
  const looked = looking.data ?? [];
  const ready = looked.filter(
    (one): one is MayMove =>
      one.kind === 'may' && whyNotYet(one, known) === null && isOpen(results.get(one.id)),
  );
  const anew = () => {
    looking.reset();
    forget();
  };
  return (
    <Dialog
      title={`Move ${changes.length === 1 ? '1 change' : `${changes.length} changes`}`}
      place="wide"
      onClose={onClose}
    >
      <Stack gap="sm">
        <MoveForm
          move={move}
          onMove={(to) => {
            setMove(to);
            anew();
          }}
        />
        {looking.isError && <Problem error={looking.error} />}
        {looked.length > 0 && (
          <LookedRows looked={looked} changes={changes} results={results} known={known} onKnown={setKnown} />
        )}
        <Group gap="xs">
          {looked.length === 0 ? (
            <Button
              loading={looking.isPending}
              aria-disabled={move === null}
              onClick={() => move !== null && looking.mutate(move)}
            >
              Look at each first
            </Button>
          ) : (
            <Button loading={moving} aria-disabled={ready.length === 0} onClick={() => void begin(ready)}>
              Move {ready.length} of {looked.length}
            </Button>
          )}
          {looked.length > 0 && move !== null && (
            <Button
              variant="default"
              disabled={moving}
              loading={looking.isPending}
              onClick={() => {
                forget();
                looking.mutate(move);
              }}
            >
              Look again
            </Button>
          )}
          <Button variant="subtle" onClick={onClose}>
            {results.size > 0 ? 'Close' : 'Leave them'}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

/** Not done yet, or nobody knows: then the same is sent again. */
function isOpen(result: Result | undefined): boolean {
  return result === undefined || (result.kind === 'failed' && !(result.error instanceof ApiError));
}

async function lookAtAll(changes: readonly ChangeSummary[], move: Move): Promise<readonly Looked[]> {
  const looked: Looked[] = [];
  for (const change of changes) looked.push(await lookAt(change, move));
  return withEachOther(looked, changes);
}

/** Moves them one after the other; what becomes of one is shown before the next is begun. */
function useMoving() {
  const queries = useQueryClient();
  const [results, setResults] = useState<ReadonlyMap<string, Result>>(new Map());
  const [moving, setMoving] = useState(false);
  const put = (id: string, result: Result) => setResults((before) => new Map(before).set(id, result));
  const begin = async (ready: readonly MayMove[]) => {
    if (moving) return;
    setMoving(true);
    for (const one of ready) {
      put(one.id, { kind: 'moving' });
      put(
        one.id,
        await moveOne(one).then(
          (): Result => ({ kind: 'moved' }),
          (error: unknown): Result => ({ kind: 'failed', error }),
        ),
      );
    }
    setMoving(false);
    await queries.invalidateQueries();
  };
  return { results, moving, begin, forget: () => setResults(new Map()) };
}
