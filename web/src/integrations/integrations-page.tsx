import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ConnectionState, TestedConnection } from '../../../src/contract/integrations/state.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { Said } from '../parts/said.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { whyNotManage } from '../people/words.ts';
import { SetupHint } from '../setup/setup-hint.tsx';
import { api, send } from '../server/api.ts';
import { askMe } from '../server/questions.ts';
import { Messages } from './messages.tsx';

/** The peers of this server, how it goes with each, and what became of the messages to them. */
export function IntegrationsPage() {
  const connections = useQuery({
    queryKey: ['integrations'],
    queryFn: () => api<{ connections: ConnectionState[] }>('/integrations'),
    // What a peer takes is no entry of the ledger of its own: no event tells of it.
    refetchInterval: 10_000,
  });
  return (
    <Page
      title="Integrations"
      lead="The peers that the server's integrations.yaml names. What is said to one waits until it takes it; what was given up is kept, and can be sent again."
    >
      <Answered query={connections}>
        {({ connections: all }) =>
          all.length === 0 ? (
            <Empty title="No peer is named.">
              This server talks to nobody but people. An administrator names peers in{' '}
              <code>integrations.yaml</code>, and starts it anew. <SetupHint />
            </Empty>
          ) : (
            <>
              <Section title="Peers">
                <Table label="Peers" rows={all} keyOf={({ name }) => name} columns={COLUMNS} />
              </Section>
              <Messages peers={all.map(({ name }) => name)} />
            </>
          )
        }
      </Answered>
    </Page>
  );
}

const COLUMNS: Columns<ConnectionState> = {
  Peer: ({ name, peer }) => (
    <>
      <strong>{name}</strong> <span className="quiet">{peer}</span>
    </>
  ),
  'Does for us': ({ offers, hears }) => [...offers, ...(hears ? ['tells us'] : [])].join(', ') || 'nothing',
  State: (one) => <State peer={one} />,
  Waiting: ({ waiting }) => waiting,
  'Given up': ({ name, givenUp }) =>
    givenUp === 0 ? (
      0
    ) : (
      <Link to="/integrations" search={{ peer: name, state: 'given-up' }}>
        {givenUp}, kept
      </Link>
    ),
  Test: ({ name }) => <Test name={name} />,
};

function State({ peer }: { readonly peer: ConnectionState }) {
  const { takenAt, failedAt, failure, heardAt, unheard } = peer;
  if (heardAt !== null || unheard !== null) return <Heard peer={peer} />;
  if (failedAt !== null && (takenAt === null || failedAt > takenAt))
    return (
      <>
        <Badge tone="warn">failing</Badge> last at <Instant at={failedAt} />: <Said text={failure ?? ''} />
      </>
    );
  if (takenAt === null) return <Badge tone="quiet">nothing sent yet</Badge>;
  return (
    <>
      <Badge tone="go">takes</Badge> last at <Instant at={takenAt} />
    </>
  );
}

/** Of a peer that is asked who is on call or what burns. */
function Heard({ peer: { heardAt, unheard } }: { readonly peer: ConnectionState }) {
  const last = heardAt === null ? 'never heard' : <Instant at={heardAt} />;
  return unheard === null ? (
    <>
      <Badge tone="go">answers</Badge> last at {last}
    </>
  ) : (
    <>
      <Badge tone="warn">not heard</Badge> {heardAt === null ? '' : 'since '}
      {last}: <Said text={unheard} />
    </>
  );
}

/** Asks the peer at this moment; the answer stands beside the button. */
function Test({ name }: { readonly name: string }) {
  const me = useQuery(askMe).data;
  const testing = useMutation({
    mutationFn: () => send<TestedConnection>('POST', `/integrations/${encodeURIComponent(name)}/test`),
  });
  return (
    <>
      <ActButton
        size="xs"
        variant="default"
        blocked={whyNotManage(me)}
        loading={testing.isPending}
        onPress={() => testing.mutate()}
      >
        Test {name}
      </ActButton>
      {testing.isError && <Problem error={testing.error} />}
      {testing.data && (
        <p role="status">
          <Badge tone={testing.data.ok ? 'go' : 'stop'}>{testing.data.ok ? 'answers' : 'does not'}</Badge>{' '}
          <Said text={testing.data.text} />
        </p>
      )}
    </>
  );
}
