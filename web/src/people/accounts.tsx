import { Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AccountLink, AccountLinks, LendingPage } from '../../../src/contract/account-links.ts';
import type { Me } from '../../../src/contract/sessions.ts';
import { Act } from '../parts/act.tsx';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { api, send } from '../server/api.ts';
import { askMe } from '../server/questions.ts';
import { whyNotManage } from './words.ts';

/** The accounts elsewhere that speak for a person, and what that person lent us there. */
export function Accounts({ name }: { readonly name: string }) {
  const me = useQuery(askMe).data;
  const refused = whyNotAccounts(me, name);
  const links = useQuery({
    queryKey: ['people', name, 'accounts'],
    queryFn: () => api<AccountLinks>(`/account-links${me?.name === name ? '' : '?all=true'}`),
    enabled: refused === null && me !== undefined,
  });
  if (refused !== null) return <Empty title={refused} />;
  return (
    <Answered query={links}>
      {({ links: all, peers }) => {
        const own = all.filter(({ person, state }) => person === name && state === 'linked');
        return (
          <>
            {me?.name === name && <Lend peers={peers} links={own} />}
            {own.length === 0 ? (
              <Empty title="No account elsewhere speaks for this person.">
                What somebody writes in a tracker or a channel counts as theirs once their account is linked.
              </Empty>
            ) : (
              <Table label={`Accounts of ${name}`} rows={own} keyOf={({ id }) => id} columns={COLUMNS} />
            )}
          </>
        );
      }}
    </Answered>
  );
}

function whyNotAccounts(me: Me | undefined, name: string): string | null {
  return me?.name === name || whyNotManage(me) === null
    ? null
    : 'Accounts elsewhere are for their person and for administrators.';
}

const COLUMNS: Columns<AccountLink> = {
  Where: ({ connection }) => connection,
  Account: ({ shownAs, externalUser }) => (
    <>
      {shownAs} <span className="quiet">{externalUser}</span>
    </>
  ),
  'Linked since': ({ linkedAt }) => (linkedAt === null ? '' : <Instant at={linkedAt} />),
  'Posts by a press here': ({ mayPost }) => <MayPost mayPost={mayPost} />,
  Unlink: ({ id, connection, mayPost }) => (
    <Act
      label="Unlink"
      blocked={null}
      weight="press"
      object={connection}
      size="xs"
      variant="default"
      says={
        mayPost === null
          ? 'What is written there counts as yours no more. What it said stays.'
          : 'What is written there counts as yours no more, and the right to post goes back. What it said stays.'
      }
      act={() => send('DELETE', `/account-links/${encodeURIComponent(id)}`)}
    />
  ),
};

function MayPost({ mayPost }: Pick<AccountLink, 'mayPost'>) {
  if (mayPost === null) return <Badge tone="quiet">no</Badge>;
  if (mayPost.state !== 'lent') return <Badge tone="stop">no more: link it again</Badge>;
  return (
    <>
      <Badge tone="go">yes</Badge> <code>{mayPost.scopes.join(' ')}</code>
    </>
  );
}

interface Lending {
  readonly peers: AccountLinks['peers'];
  readonly links: readonly AccountLink[];
}

/** Goes to the peer's own page, which sends the browser back. */
function Lend({ peers, links }: Lending) {
  const lending = peers.filter(({ scopes }) => scopes.length > 0);
  if (lending.length === 0) return null;
  return (
    <Group gap="sm" mb="sm" data-print="hide">
      {lending.map(({ connection, scopes }) => {
        const isLent = links.some((one) => one.connection === connection && one.mayPost?.state === 'lent');
        return (
          <Act
            key={connection}
            label={isLent ? `Link ${connection} again` : `Link ${connection}`}
            blocked={null}
            weight="press"
            object="with the right to post"
            size="sm"
            variant="default"
            says={
              <>
                {connection} asks you to allow <code>{scopes.join(' ')}</code>. It is used for one thing: when
                you press Approve for a start, your word is posted there as you. It is kept sealed, shown to
                nobody, and given back when you unlink the account.
              </>
            }
            act={async () => {
              const { url } = await send<LendingPage>('POST', '/account-links/lending', { connection });
              location.assign(url);
            }}
          />
        );
      })}
    </Group>
  );
}
