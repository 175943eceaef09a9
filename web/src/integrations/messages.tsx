import { Group, NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { MessageLog } from '../../../src/contract/integrations/state.ts';
import { Act } from '../parts/act.tsx';
import { Answered } from '../parts/answered.tsx';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { whyNotManage } from '../people/words.ts';
import { api, send } from '../server/api.ts';
import { askMe } from '../server/questions.ts';
import { integrationsSearch, MESSAGE_STATES } from './search.ts';

type Message = MessageLog['messages'][number];

const TONES: Readonly<Record<Message['state'], Tone>> = { waiting: 'busy', taken: 'go', 'given-up': 'stop' };
const STATE_WORDS: Readonly<Record<Message['state'], string>> = {
  waiting: 'waiting',
  taken: 'taken',
  'given-up': 'given up',
};

/** What became of the newest messages to one peer; for administrators, as its route. */
export function Messages({ peers }: { readonly peers: readonly string[] }) {
  const search = useSearch({ from: '/integrations' });
  const navigate = useNavigate();
  const me = useQuery(askMe).data;
  const peer = search.peer ?? peers[0] ?? '';
  const set = (change: Record<string, string>) =>
    void navigate({
      to: '/integrations',
      search: integrationsSearch({ ...search, ...change }),
      replace: true,
    });
  return (
    <Section title="Messages">
      <Group gap="sm" mb="sm" role="search" aria-label="Narrow the messages" data-print="hide">
        <NativeSelect
          label="To"
          value={peer}
          data={[...peers]}
          onChange={({ currentTarget }) => set({ peer: currentTarget.value })}
        />
        <NativeSelect
          label="State"
          value={search.state ?? ''}
          data={[
            { value: '', label: 'any state' },
            ...MESSAGE_STATES.map((value) => ({ value, label: STATE_WORDS[value] })),
          ]}
          onChange={({ currentTarget }) => set({ state: currentTarget.value })}
        />
      </Group>
      {me !== undefined && whyNotManage(me) !== null ? (
        <Empty title="Messages are for administrators.">They may hold what was said to one person.</Empty>
      ) : (
        <Log peer={peer} state={search.state} />
      )}
    </Section>
  );
}

function Log({ peer, state }: { readonly peer: string; readonly state: Message['state'] | undefined }) {
  const log = useQuery({
    queryKey: ['integrations', peer, state ?? 'any'],
    queryFn: () =>
      api<MessageLog>(
        `/integrations/${encodeURIComponent(peer)}/messages${state === undefined ? '' : `?state=${state}`}`,
      ),
    refetchInterval: 10_000,
  });
  return (
    <Answered query={log}>
      {({ messages }) =>
        messages.length === 0 ? (
          <Empty title={`No such message to ${peer}.`} />
        ) : (
          <Table
            label={`Messages to ${peer}, the newest first`}
            rows={messages}
            keyOf={({ id }) => id}
            columns={columnsOf(peer)}
          />
        )
      }
    </Answered>
  );
}

function columnsOf(peer: string): Columns<Message> {
  return {
    Created: ({ createdAt }) => <Instant at={createdAt} show="moment" />,
    What: ({ topic, about }) => (about === null ? topic : `${topic}, about ${about}`),
    State: ({ state, nextAttemptAt }) => (
      <>
        <Badge tone={TONES[state]}>{STATE_WORDS[state]}</Badge>{' '}
        {nextAttemptAt !== null && (
          <>
            next at <Instant at={nextAttemptAt} show="moment" />
          </>
        )}
      </>
    ),
    Attempts: ({ attempts }) => attempts.length,
    'What the peer said': ({ receipt, attempts }) => receipt ?? attempts.at(-1)?.because ?? 'nothing yet',
    Again: ({ id, state }) => (state === 'given-up' ? <Again peer={peer} id={id} /> : null),
  };
}

function Again({ peer, id }: { readonly peer: string; readonly id: string }) {
  const queries = useQueryClient();
  const me = useQuery(askMe).data;
  return (
    <Act
      label="Send again"
      blocked={whyNotManage(me)}
      weight="press"
      object={`message ${id}`}
      size="xs"
      variant="default"
      says={`It waits for ${peer} again, under the key it had: what was taken after all is not done twice.`}
      act={async () => {
        await send('POST', `/integrations/${encodeURIComponent(peer)}/messages/${id}/send`);
        await queries.invalidateQueries({ queryKey: ['integrations'] });
      }}
    />
  );
}
