import { Button, Checkbox, Group, NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Token } from '../../../src/contract/people.ts';
import { Act } from '../parts/act.tsx';
import { Answered } from '../parts/answered.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Problem } from '../parts/problem.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { api, ApiError, send } from '../server/api.ts';
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
  const queries = useQueryClient();
  const [label, setLabel] = useState('');
  const [scopes, setScopes] = useState(['read', 'ask', 'act']);
  const [days, setDays] = useState('90');
  const [password, setPassword] = useState('');
  const issuing = useMutation({
    mutationFn: async () => {
      if (password !== '') await send('POST', '/authentications', { password });
      return send<{ secret: string }>('POST', `/people/${encodeURIComponent(name)}/tokens`, {
        label: label.trim(),
        scopes,
        days: Number(days),
      });
    },
    onSuccess: async () => {
      setLabel('');
      setPassword('');
      await queries.invalidateQueries({ queryKey: ['people'] });
    },
  });
  const unproven = issuing.error instanceof ApiError && issuing.error.code === 'reauthentication_required';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (label.trim() !== '' && scopes.length > 0 && !issuing.isPending) issuing.mutate();
  };
  return (
    <form onSubmit={submit} data-print="hide">
      <Checkbox.Group label="Scopes: none implies another" value={scopes} onChange={setScopes}>
        <Group gap="md" mt="xs" mb="sm">
          {Object.entries(SCOPE_WORDS).map(([scope, text]) => (
            <Checkbox key={scope} value={scope} label={text} />
          ))}
        </Group>
      </Checkbox.Group>
      <Group gap="sm" align="end" mb="sm">
        <TextInput
          label="What it is for"
          value={label}
          onChange={({ currentTarget }) => setLabel(currentTarget.value)}
        />
        <NativeSelect
          label="Days"
          value={days}
          data={DAYS}
          onChange={({ currentTarget }) => setDays(currentTarget.value)}
        />
        {unproven && (
          <PasswordInput
            label="Your password"
            value={password}
            autoComplete="current-password"
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          />
        )}
        <Button type="submit" variant="default" loading={issuing.isPending}>
          Issue a token
        </Button>
      </Group>
      {issuing.isError && <Problem error={issuing.error} />}
      {issuing.data && (
        <p className="notice" role="status">
          Shown this once; whoever knows it acts as {name}: <code>{issuing.data.secret}</code>
        </p>
      )}
    </form>
  );
}
