import { Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { HandOver } from '../../../src/contract/rota-covers.ts';
import { Act } from '../parts/act.tsx';
import { Answered } from '../parts/answered.tsx';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { api, send } from '../server/api.ts';
import { askMe } from '../server/questions.ts';

/** Shifts that somebody offered to somebody, and what became of it. */
export function HandOvers() {
  const handOvers = useQuery({
    queryKey: ['rota', 'hand-overs'],
    queryFn: () => api<{ handOvers: HandOver[] }>('/rota/hand-overs'),
  });
  return (
    <Answered query={handOvers}>
      {({ handOvers: all }) =>
        all.length === 0 ? (
          <Empty title="None in the last month." />
        ) : (
          <Table label="Hand-overs of the last month" rows={all} keyOf={({ id }) => id} columns={COLUMNS} />
        )
      }
    </Answered>
  );
}

const ANSWER_TONES: Readonly<Record<NonNullable<HandOver['answer']>, Tone>> = {
  accepted: 'go',
  declined: 'warn',
  withdrawn: 'quiet',
};

const COLUMNS: Columns<HandOver> = {
  'Hand-over': ({ id }) => id,
  Rota: ({ rota }) => rota.toUpperCase(),
  From: ({ giver }) => giver,
  To: ({ receiver }) => receiver,
  'Rest of the shift': ({ until }) => (
    <>
      until <Instant at={until} />
    </>
  ),
  Answer: (one) =>
    one.answer === null ? (
      <Answer handOver={one} />
    ) : (
      <Badge tone={ANSWER_TONES[one.answer]}>{one.answer}</Badge>
    ),
};

function Answer({ handOver }: { readonly handOver: HandOver }) {
  const me = useQuery(askMe).data?.name;
  const { id, giver, receiver, rota } = handOver;
  const settle = (act: string) => () => send('POST', `/rota/hand-overs/${id}/${act}`);
  if (me === giver)
    return (
      <Act
        label="Withdraw"
        blocked={null}
        weight="press"
        object={id}
        size="xs"
        variant="default"
        says="You stay on duty."
        act={settle('withdraw')}
      />
    );
  if (me !== receiver) return <Badge tone="unknown">waits for {receiver}</Badge>;
  return (
    <Group gap="xs">
      <Act
        label="Accept"
        blocked={null}
        weight="press"
        object={id}
        size="xs"
        says={`You are ${rota.toUpperCase()} from that moment on.`}
        act={settle('accept')}
      />
      <Act
        label="Decline"
        blocked={null}
        weight="press"
        object={id}
        size="xs"
        variant="default"
        says={`${giver} stays on duty.`}
        act={settle('decline')}
      />
    </Group>
  );
}
