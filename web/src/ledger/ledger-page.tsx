import { Group, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { LedgerPage as Entries } from '../../../src/contract/ledger.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Answered } from '../parts/answered.tsx';
import { Empty } from '../parts/empty.tsx';
import { Page, Section } from '../parts/page.tsx';
import rows from '../parts/rows.module.css';
import { api } from '../server/api.ts';
import { Entry } from './entry.tsx';
import { FoundNotice } from './found.tsx';
import { ledgerSearch } from './search.ts';
import { verifyLog } from './verify.ts';

const LIMIT = 50;

/** Everything that was decided and done, the newest first, and the proof of it that this browser computes. */
export function LedgerPage() {
  const search = useSearch({ from: '/ledger' });
  const query = new URLSearchParams({ order: 'newest', limit: String(LIMIT), ...search });
  const page = useQuery({
    queryKey: ['ledger', query.toString()],
    queryFn: () => api<Entries>(`/ledger/entries?${query}`),
  });
  return (
    <Page
      title="Ledger"
      lead="Every decision and every change of state, refusals too. Nothing in it can be altered or taken away without being seen: this browser can prove it by itself."
    >
      <Log />
      <Section title="Entries, the newest first">
        <Narrow key={search.object ?? ''} object={search.object ?? ''} />
        <Answered query={page}>
          {({ entries, next }) =>
            entries.length === 0 ? (
              <Empty title="No such entry.">
                An object is named as <code>kind/id</code>, such as <code>change/CHG-1</code>.
              </Empty>
            ) : (
              <>
                <ol className={rows['rows']} reversed>
                  {entries.map((one) => (
                    <Entry key={one.index} row={one} />
                  ))}
                </ol>
                <Group gap="lg" mt="sm" data-print="hide">
                  {search.from !== undefined && (
                    <Link to="/ledger" search={ledgerSearch({ object: search.object })}>
                      The newest
                    </Link>
                  )}
                  {next !== null && (
                    <Link to="/ledger" search={ledgerSearch({ ...search, from: next })}>
                      Older entries
                    </Link>
                  )}
                </Group>
              </>
            )
          }
        </Answered>
      </Section>
    </Page>
  );
}

/** Verifies the log as a whole: its signature, and that it continues what this browser saw before. */
function Log() {
  const verifying = useMutation({ mutationFn: verifyLog });
  return (
    <Section title="The log">
      <Group gap="md" data-print="hide">
        <ActButton variant="default" loading={verifying.isPending} onPress={() => verifying.mutate()}>
          Verify the log here
        </ActButton>
        <a href="/api/v1/ledger/checkpoint" download="checkpoint">
          Download the checkpoint
        </a>
        <a href="/api/v1/ledger/log.vkey" download="log.vkey">
          Download the key
        </a>
      </Group>
      <FoundNotice verifying={verifying} />
    </Section>
  );
}

function Narrow({ object }: { readonly object: string }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState(object);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void navigate({ to: '/ledger', search: ledgerSearch({ object: typed }) });
  };
  return (
    <form role="search" aria-label="Narrow the entries" onSubmit={submit} data-print="hide">
      <Group gap="sm" mb="sm" align="end">
        <TextInput
          label="About"
          placeholder="change/CHG-1"
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <ActButton type="submit" variant="default">
          Show
        </ActButton>
        {object !== '' && (
          <Link to="/ledger" search={{}}>
            All entries
          </Link>
        )}
      </Group>
    </form>
  );
}
