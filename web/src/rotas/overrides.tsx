import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Cover } from '../../../src/contract/rota-covers.ts';
import type { Me } from '../../../src/contract/sessions.ts';
import { Act } from '../parts/act.tsx';
import { Answered } from '../parts/answered.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { api, send } from '../server/api.ts';
import { askMe } from '../server/questions.ts';
import { PersonSelect } from './person-select.tsx';
import { ROTA_WORDS, ROTAS } from './words.ts';

/** Who covers a part of a rota, whatever is planned there. */
export function Overrides() {
  const covers = useQuery({
    queryKey: ['rota', 'overrides'],
    queryFn: () => api<{ covers: Cover[] }>('/rota/overrides'),
  });
  return (
    <Section title="Overrides" aside={<NewOverride />}>
      <Answered query={covers}>
        {({ covers: all }) =>
          all.length === 0 ? (
            <Empty title="The rotas are as planned." />
          ) : (
            <Table label="Overrides from now on" rows={all} keyOf={({ id }) => id} columns={COLUMNS} />
          )
        }
      </Answered>
    </Section>
  );
}

function whyNotOverride(me: Me | undefined): string | null {
  return me?.roles.includes('admin') === true ? null : 'An administrator does that.';
}

const COLUMNS: Columns<Cover> = {
  Rota: ({ rota }) => rota.toUpperCase(),
  Person: ({ person }) => person,
  From: ({ start }) => <Instant at={start} />,
  To: ({ end }) => <Instant at={end} />,
  'Set by': ({ setBy }) => setBy,
  End: ({ id }) => <EndOverride id={id} />,
};

function EndOverride({ id }: { readonly id: string }) {
  const me = useQuery(askMe).data;
  return (
    <Act
      label="End"
      blocked={whyNotOverride(me)}
      weight="press"
      object={`override ${id}`}
      size="xs"
      variant="default"
      says="From that moment on it is as planned."
      act={() => send('POST', `/rota/overrides/${id}/end`)}
    />
  );
}

function NewOverride() {
  const me = useQuery(askMe).data;
  const [cover, setCover] = useState({ rota: 'eoc', person: '', start: '', end: '' });
  const change = (part: Partial<typeof cover>) => setCover((before) => ({ ...before, ...part }));
  return (
    <Act
      label="Override"
      blocked={whyNotOverride(me)}
      reason="over"
      weight="press"
      object="a rota"
      size="xs"
      variant="default"
      says="Whoever is planned there is not on duty in this time."
      fields={
        <>
          <NativeSelect
            label="Rota"
            mt="sm"
            value={cover.rota}
            data={ROTAS.map((value) => ({ value, label: ROTA_WORDS[value] }))}
            onChange={({ currentTarget }) => change({ rota: currentTarget.value })}
          />
          <PersonSelect label="Who covers" value={cover.person} onChange={(person) => change({ person })} />
          <TextInput
            type="datetime-local"
            label="From, UTC"
            mt="sm"
            value={cover.start}
            onChange={({ currentTarget }) => change({ start: currentTarget.value })}
          />
          <TextInput
            type="datetime-local"
            label="To, UTC"
            mt="sm"
            value={cover.end}
            onChange={({ currentTarget }) => change({ end: currentTarget.value })}
          />
        </>
      }
      act={() =>
        send('POST', '/rota/overrides', {
          ...cover,
          start: `${cover.start}:00Z`,
          end: `${cover.end}:00Z`,
        })
      }
    />
  );
}
