import { Checkbox, Group, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Token } from '../../../src/contract/people.ts';
import { Act } from '../parts/act.tsx';
import { Answered } from '../parts/answered.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { NewSecret } from '../parts/new-secret.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { api, send } from '../server/api.ts';
import { askMe } from '../server/questions.ts';
import { SCOPE_WORDS, whyNotTokens } from './words.ts';

/** The tokens of an account. What proves one is shown once, when it is issued. */
export function Tokens({ name }: { readonly name: string }) {
  const me = useQuery(askMe).data;
  const refused = whyNotTokens(me, name);
  const tokens = useQuery({
    queryKey: ['people', name, 'tokens'],
    queryFn: () => api<{ tokens: Token[] }>(`/people/${encodeURIComponent(name)}/tokens`),
    enabled: refused === null,
  });
  if (refused !== null) return <Empty title={refused} />;
  return (
    <>
      <NewToken name={name} />
      <Answered query={tokens}>
        {({ tokens: all }) => {
          const valid = all.filter(({ revokedAt }) => revokedAt === null);
          return valid.length === 0 ? (
            <Empty title="It has no token." />
          ) : (
            <Table label={`Tokens of ${name}`} rows={valid} keyOf={({ id }) => id} columns={COLUMNS} />
          );
        }}
      </Answered>
    </>
  );
}

const COLUMNS: Columns<Token> = {
  'What it is for': ({ label }) => label,
  Scopes: ({ scopes }) => scopes.join(', '),
  'Issued by': ({ createdBy }) => createdBy,
  Until: ({ expiresAt }) => <Instant at={expiresAt} />,
  'Last used': ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : <Instant at={lastUsedAt} />),
  Revoke: ({ id, label }) => (
    <Act
      label="Revoke"
      blocked={null}
      weight="press"
      object={label}
      size="xs"
      variant="default"
      says="Whatever uses it is refused from that moment on."
      act={() => send('DELETE', `/tokens/${encodeURIComponent(id)}`)}
    />
  ),
};

const DAYS = ['1', '7', '30', '90'];

function NewToken({ name }: { readonly name: string }) {
  const [scopes, setScopes] = useState(['read', 'ask', 'act']);
  const [days, setDays] = useState('90');
  return (
    <>
      <Checkbox.Group label="Scopes: none implies another" value={scopes} onChange={setScopes}>
        <Group gap="md" mt="xs" mb="sm">
          {Object.entries(SCOPE_WORDS).map(([scope, text]) => (
            <Checkbox key={scope} value={scope} label={text} />
          ))}
        </Group>
      </Checkbox.Group>
      <NewSecret
        label="Issue a token"
        asked="people"
        ready={scopes.length > 0}
        fields={
          <NativeSelect
            label="Days"
            value={days}
            data={DAYS}
            onChange={({ currentTarget }) => setDays(currentTarget.value)}
          />
        }
        says={`whoever knows it acts as ${name}`}
        make={async (label) => {
          const body = { label, scopes, days: Number(days) };
          const where = `/people/${encodeURIComponent(name)}/tokens`;
          return [(await send<{ secret: string }>('POST', where, body)).secret];
        }}
      />
    </>
  );
}
