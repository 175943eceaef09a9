import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { EntryTypes } from '../../../src/contract/ledger.ts';
import { ActButton } from '../parts/act-button.tsx';
import { api } from '../server/api.ts';
import { askPeople } from '../server/questions.ts';
import { OUTCOME_LOOKS } from './entry.tsx';
import { ledgerSearch, type LedgerSearch, OUTCOMES } from './search.ts';
import classes from './ledger.module.css';

const NARROWED = ['object', 'change', 'type', 'person', 'outcome', 'since', 'until'] as const;
type Narrowed = Partial<Record<(typeof NARROWED)[number], string>>;

/** What the entries are narrowed to. It is all in the address, so that it can be sent to somebody. */
export function Filters({ search }: { readonly search: LedgerSearch }) {
  const navigate = useNavigate();
  const { entry: _entry, ...now } = search;
  const [typed, setTyped] = useState<Narrowed>(now);
  const set = (name: keyof Narrowed) => (event: { readonly currentTarget: { readonly value: string } }) => {
    const { value } = event.currentTarget;
    setTyped((before) => ({ ...before, [name]: value }));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void navigate({ to: '/ledger', search: ledgerSearch(typed) });
  };
  return (
    <form
      role="search"
      aria-label="Narrow the entries"
      onSubmit={submit}
      className={classes['filters']}
      data-print="hide"
    >
      <Words typed={typed} set={set} />
      <NativeSelect
        label="Outcome"
        value={typed.outcome ?? ''}
        data={[
          { value: '', label: 'any' },
          ...OUTCOMES.map((value) => ({ value, label: OUTCOME_LOOKS[value].word })),
        ]}
        onChange={set('outcome')}
      />
      <TextInput type="datetime-local" label="Since, UTC" value={typed.since ?? ''} onChange={set('since')} />
      <TextInput type="datetime-local" label="Until, UTC" value={typed.until ?? ''} onChange={set('until')} />
      <div className={classes['go']}>
        <ActButton type="submit" variant="default">
          Show
        </ActButton>
        {Object.keys(search).length > 0 && (
          <Link to="/ledger" search={{}}>
            All entries
          </Link>
        )}
      </div>
    </form>
  );
}

interface WordsProps {
  readonly typed: Narrowed;
  readonly set: (
    name: keyof Narrowed,
  ) => (event: { readonly currentTarget: { readonly value: string } }) => void;
}

function Words({ typed, set }: WordsProps) {
  const people = useQuery(askPeople).data?.people ?? [];
  const types = useQuery({
    queryKey: ['ledger-types'],
    queryFn: () => api<EntryTypes>('/ledger/types'),
  }).data?.types;
  const known = [...(types ?? []), ...(typed.type !== undefined && types === undefined ? [typed.type] : [])];
  return (
    <>
      <NativeSelect
        label="Type"
        value={typed.type ?? ''}
        data={[{ value: '', label: 'any' }, ...known]}
        onChange={set('type')}
      />
      <TextInput
        label="Person"
        placeholder="ana"
        list="ledger-people"
        autoComplete="off"
        value={typed.person ?? ''}
        onChange={set('person')}
      />
      <datalist id="ledger-people">
        {people.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <TextInput
        label="Change, with its runs"
        placeholder="CHG-1"
        value={typed.change ?? ''}
        onChange={set('change')}
      />
      <TextInput label="About" placeholder="person/ana" value={typed.object ?? ''} onChange={set('object')} />
    </>
  );
}
