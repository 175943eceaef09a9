import { Group, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type {
  PolicyDifferenceAnswer,
  PolicyVersion,
  PolicyVersions,
} from '../../../src/contract/policies.ts';
import { Answered } from '../parts/answered.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import rows from '../parts/rows.module.css';
import { type Columns, Table } from '../parts/table.tsx';
import { api } from '../server/api.ts';
import { policySearch } from './search.ts';
import classes from './policy.module.css';

/** Every policy that was in force, and how one differs from another. */
export function Versions() {
  const query = useQuery({
    queryKey: ['policies', 'versions'],
    queryFn: () => api<PolicyVersions>('/policies'),
  });
  return (
    <Section title="Which policy was in force">
      <Answered query={query}>
        {({ versions }) =>
          versions.length === 0 ? (
            <Empty title="No policy was put in force on this database yet.">
              A server puts the one it is started with in force.
            </Empty>
          ) : (
            <>
              <Table
                label="Policies that were in force"
                rows={versions}
                keyOf={({ number }) => number}
                columns={VERSION_COLUMNS}
              />
              <Compare kept={versions.filter(({ kept }) => kept)} />
            </>
          )
        }
      </Answered>
    </Section>
  );
}

const VERSION_COLUMNS: Columns<PolicyVersion> = {
  Version: ({ number, until }) => (until === null ? `${number}, in force` : number),
  Since: ({ since }) => <Instant at={since} />,
  Until: ({ until }) => (until === null ? 'now' : <Instant at={until} />),
  Policy: ({ name, digest }) => (
    <>
      {name} <code className="quiet">{digest.slice(0, 19)}</code>
    </>
  ),
  'Started by': ({ by }) => by ?? <span className="quiet">not noted</span>,
  Record: ({ ledgerIndex, kept }) => (
    <>
      {ledgerIndex === null ? (
        <span className="quiet">not noted</span>
      ) : (
        <Link to="/ledger" search={{ entry: ledgerIndex }}>
          entry {ledgerIndex}
        </Link>
      )}
      {!kept && <div className="quiet">its text was not kept</div>}
    </>
  ),
};

function Compare({ kept }: { readonly kept: readonly PolicyVersion[] }) {
  const search = useSearch({ from: '/policy' });
  const navigate = useNavigate();
  const [newest, older] = kept;
  if (newest === undefined || older === undefined) {
    return <p className="quiet">With a second one, two can be compared here.</p>;
  }
  const { from = older.number, to = newest.number } = search;
  const set = (change: Record<string, string>) =>
    void navigate({
      to: '/policy',
      // What was chosen just before may not be drawn yet.
      search: (before) => policySearch({ ...before, ...change }),
      replace: true,
      resetScroll: false,
    });
  const data = kept.map(({ number, name }) => ({ value: String(number), label: `${number}, ${name}` }));
  return (
    <>
      <Group gap="sm" my="sm" role="search" aria-label="Which versions are compared" data-print="hide">
        <NativeSelect
          label="From"
          data={data}
          value={String(from)}
          onChange={({ currentTarget }) => set({ from: currentTarget.value })}
        />
        <NativeSelect
          label="To"
          data={data}
          value={String(to)}
          onChange={({ currentTarget }) => set({ to: currentTarget.value })}
        />
      </Group>
      <Difference from={from} to={to} />
    </>
  );
}

function Difference({ from, to }: { readonly from: number; readonly to: number }) {
  const query = useQuery({
    queryKey: ['policies', 'difference', from, to],
    queryFn: () => api<PolicyDifferenceAnswer>(`/policies/${to}/difference?from=${from}`),
  });
  return (
    <Answered query={query}>
      {({ words, unreadable, lines, cut }) => (
        <>
          {words === null && (
            <p className="notice">It cannot be told in words: {unreadable}. The lines are below.</p>
          )}
          {words?.length === 0 && <p role="status">Nothing changes for anybody.</p>}
          {words !== null && words.length > 0 && (
            <Table label="What changes, for whom" rows={words} keyOf={keyOf} columns={WORD_COLUMNS} />
          )}
          {lines !== '' && (
            <details className={classes['lines']}>
              <summary>The files, line by line</summary>
              <pre className={rows['raw']} tabIndex={0} role="group" aria-label="Lines that differ">
                {lines}
              </pre>
              {cut && <p className="quiet">There are more lines.</p>}
            </details>
          )}
        </>
      )}
    </Answered>
  );
}

type Word = NonNullable<PolicyDifferenceAnswer['words']>[number];

function keyOf({ whom, before, after }: Word): string {
  return `${whom} ${before} ${after}`;
}

const WORD_COLUMNS: Columns<Word> = {
  For: ({ whom }) => whom,
  Before: ({ before }) => before ?? <span className="quiet">nothing</span>,
  After: ({ after }) => after ?? <span className="quiet">nothing any more</span>,
};
