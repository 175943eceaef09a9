import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { CHANGE_STATES } from '../../../src/kernel/change/state.ts';
import { CRITICALITIES } from '../../../src/kernel/policy/facts.ts';
import { useShortcut } from '../parts/shortcut.ts';
import { askMe, askNow } from '../server/questions.ts';
import { SavedViews } from './saved-views.tsx';
import { changesSearch, type ChangesSearch } from './search.ts';
import classes from './filters.module.css';

/** How long after the last key the search begins. */
const PAUSE_MS = 250;

/** What the list is narrowed to. Each choice is in the address, so that it can be sent to somebody. */
export function Filters({ search }: { readonly search: ChangesSearch }) {
  const navigate = useNavigate();
  const me = useQuery(askMe);
  const now = useQuery(askNow);
  const set = (change: Record<string, string | undefined>) =>
    void navigate({ to: '/changes', search: changesSearch({ ...search, ...change }), replace: true });
  const mine = me.data !== undefined && search.author === me.data.name;
  return (
    <div role="search" aria-label="Narrow the changes" className={classes['filters']} data-print="hide">
      <Words text={search.text ?? ''} onText={(text) => set({ text })} />
      <NativeSelect
        aria-label="State"
        data={[{ value: '', label: 'any state' }, ...CHANGE_STATES]}
        value={search.state ?? ''}
        onChange={(event) => set({ state: event.currentTarget.value })}
      />
      <NativeSelect
        aria-label="Criticality"
        data={[{ value: '', label: 'C1 to C4' }, ...CRITICALITIES]}
        value={search.criticality ?? ''}
        onChange={(event) => set({ criticality: event.currentTarget.value })}
      />
      <NativeSelect
        aria-label="Environment"
        data={[
          { value: '', label: 'any environment' },
          ...(now.data?.environments ?? []).map(({ name }) => name),
        ]}
        value={search.environment ?? ''}
        onChange={(event) => set({ environment: event.currentTarget.value })}
      />
      <button
        type="button"
        aria-pressed={mine}
        className={classes['toggle']}
        onClick={() => set({ author: mine ? undefined : me.data?.name })}
      >
        Mine
      </button>
      <Link
        to="/changes"
        search={changesSearch({ ...search, show: search.show === 'board' ? undefined : 'board' })}
        className={classes['toggle'] ?? ''}
      >
        {search.show === 'board' ? 'As a list' : 'As a board'}
      </Link>
      <SavedViews search={search} />
    </div>
  );
}

function Words({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(text);
  const latest = useRef(onText);
  useEffect(() => {
    latest.current = onText;
  });
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => latest.current(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, text]);
  useShortcut('/', 'Search', () => field.current?.focus());
  return (
    <TextInput
      ref={field}
      type="search"
      aria-label="Words"
      placeholder="Words, press /"
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  );
}
