import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Person } from '../../../src/contract/people.ts';
import { Act } from '../parts/act.tsx';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Page, Section } from '../parts/page.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { send } from '../server/api.ts';
import { askMe, askPeople } from '../server/questions.ts';
import { Agents } from './agents.tsx';
import { whyNotManage } from './words.ts';

/** Every account: who is behind it and what they may. */
export function PeoplePage() {
  const people = useQuery(askPeople);
  const me = useQuery(askMe).data;
  return (
    <Page
      title="People and tokens"
      lead="Every account, and the roles it holds until they are taken away. Who is on call stands under Rotas."
      acts={
        <>
          {me && (
            <LinkButton to="/people/$name" params={{ name: me.name }} variant="default">
              My tokens
            </LinkButton>
          )}
          <NewAccount />
        </>
      }
    >
      <Answered query={people}>
        {({ people: all }) => (
          <>
            <Section title="Accounts">
              <Table label="Accounts" rows={all} keyOf={({ name }) => name} columns={COLUMNS} />
            </Section>
            <Agents people={all} />
          </>
        )}
      </Answered>
    </Page>
  );
}

const COLUMNS: Columns<Person> = {
  Account: ({ name }) => (
    <Link to="/people/$name" params={{ name }}>
      {name}
    </Link>
  ),
  Name: ({ displayName }) => displayName,
  Kind: ({ kind, botOf, agent }) => (botOf === null ? kind : `${agent ? 'agent' : 'bot'} of ${botOf}`),
  Roles: ({ roles }) => (roles.length === 0 ? 'none' : roles.join(', ')),
  'Vouched by': ({ issuer }) => (issuer === 'local' ? 'this server' : issuer),
  State: ({ disabled }) =>
    disabled ? <Badge tone="stop">shut out</Badge> : <Badge tone="quiet">may sign in</Badge>,
};

function NewAccount() {
  const me = useQuery(askMe).data;
  const [account, setAccount] = useState({ name: '', displayName: '', kind: 'person' });
  const change = (part: Partial<typeof account>) => setAccount((before) => ({ ...before, ...part }));
  return (
    <Act
      label="Make an account"
      blocked={whyNotManage(me)}
      reason="over"
      weight="press"
      object={account.name}
      says="It holds no role, and signs in by a token until it has a password."
      fields={
        <>
          <TextInput
            label="Account"
            description="Small letters, as in `ana`"
            mt="sm"
            value={account.name}
            onChange={({ currentTarget }) => change({ name: currentTarget.value })}
          />
          <TextInput
            label="Name that people read"
            mt="sm"
            value={account.displayName}
            onChange={({ currentTarget }) => change({ displayName: currentTarget.value })}
          />
          <NativeSelect
            label="Kind"
            mt="sm"
            value={account.kind}
            data={[
              { value: 'person', label: 'a person' },
              { value: 'service', label: 'a service: it asks and executes, and never approves' },
            ]}
            onChange={({ currentTarget }) => change({ kind: currentTarget.value })}
          />
        </>
      }
      act={() => send('POST', '/people', account)}
    />
  );
}
