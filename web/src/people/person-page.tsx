import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Person, StandingRole } from '../../../src/contract/people.ts';
import { Act } from '../parts/act.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Named } from '../parts/named.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Sought } from '../parts/sought.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { api, send } from '../server/api.ts';
import { askMe } from '../server/questions.ts';
import { Accounts } from './accounts.tsx';
import { Tokens } from './tokens.tsx';
import { STANDING_ROLES, whyNotManage } from './words.ts';

/** One account: its roles, and its tokens where they are the reader's to see. */
export function PersonPage() {
  const { name } = useParams({ from: '/people/$name' });
  const person = useQuery({
    queryKey: ['people', name],
    queryFn: () => api<Person>(`/people/${encodeURIComponent(name)}`),
  });
  return (
    <Sought kind="account" id={name} query={person}>
      {(account) => <Account person={account} />}
    </Sought>
  );
}

function Account({ person }: { readonly person: Person }) {
  const { name, displayName, kind, botOf, agent, issuer, disabled, sameHumanAs, createdAt } = person;
  const behind = agent ? `agent of ${botOf}` : `bot of ${botOf}`;
  const rows: readonly (readonly [string, React.ReactNode])[] = [
    ['Kind', botOf === null ? kind : `${kind}, ${behind}`],
    ['Vouched for by', issuer === 'local' ? 'this server' : issuer],
    ...(sameHumanAs === null
      ? []
      : [['One human with', `${sameHumanAs}: to every rule they are one`] as const]),
    ['Since', <Instant key="since" at={createdAt} />],
    [
      'State',
      disabled ? (
        <Badge key="state" tone="stop">
          shut out
        </Badge>
      ) : (
        'may sign in'
      ),
    ],
  ];
  return (
    <Page
      title={displayName === name ? name : `${displayName} (${name})`}
      tab={name}
      acts={<ShutOut person={person} />}
    >
      <Section title="Account">
        <Named rows={rows} />
      </Section>
      <Section title="Roles">
        {kind === 'service' ? (
          <Empty title="A service holds no role." />
        ) : (
          <Table
            label="Standing roles"
            rows={STANDING_ROLES.map((role) => ({ role, person }))}
            keyOf={({ role }) => role}
            columns={ROLES}
          />
        )}
      </Section>
      {kind === 'person' && (
        <Section title="Accounts elsewhere">
          <Accounts name={name} />
        </Section>
      )}
      <Section title="Tokens">
        <Tokens name={name} />
      </Section>
    </Page>
  );
}

interface RoleOf {
  readonly role: StandingRole;
  readonly person: Person;
}

const ROLES: Columns<RoleOf> = {
  Role: ({ role }) => role,
  Held: ({ role, person }) =>
    person.roles.includes(role) ? <Badge tone="go">held</Badge> : <Badge tone="quiet">not held</Badge>,
  Change: ({ role, person }) => <ChangeRole role={role} person={person} />,
};

function ChangeRole({ role, person: { name, roles } }: RoleOf) {
  const me = useQuery(askMe).data;
  const held = roles.includes(role);
  const own = !held && me?.name === name ? 'Another administrator grants it.' : null;
  return (
    <Act
      label={held ? 'Take away' : 'Grant'}
      blocked={whyNotManage(me) ?? own}
      weight="press"
      object={`${role} of ${name}`}
      size="xs"
      variant="default"
      says="It counts from that moment on, in every decision."
      act={() => send(held ? 'DELETE' : 'PUT', `/people/${encodeURIComponent(name)}/roles/${role}`)}
    />
  );
}

function ShutOut({ person: { name, disabled } }: { readonly person: Person }) {
  const me = useQuery(askMe).data;
  return (
    <Act
      label={disabled ? 'Let in' : 'Shut out'}
      blocked={whyNotManage(me)}
      reason="over"
      weight="press"
      object={name}
      {...(disabled ? { variant: 'default' as const } : { color: 'stop' as const })}
      says={
        disabled
          ? 'The account may sign in again.'
          : 'Its sessions and tokens work no longer from that moment on.'
      }
      act={() => send('PATCH', `/people/${encodeURIComponent(name)}`, { disabled: !disabled })}
    />
  );
}
