import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Person, Token } from '../../../src/contract/people.ts';
import { Answered } from '../parts/answered.tsx';
import { Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { api } from '../server/api.ts';
import { askMe } from '../server/questions.ts';
import { whyNotTokens } from './words.ts';

/** The programs that ask and prepare in the name of one human, with what lets each in (ADR 0111). */
export function Agents({ people }: { readonly people: readonly Person[] }) {
  const agents = people.filter(({ agent }) => agent);
  if (agents.length === 0) return null;
  return (
    <Section title="Agents">
      <p className="quiet">
        An agent reads, asks, opens requests, edits drafts of its human and makes dry runs. It never approves,
        vetoes, schedules, announces or submits, and executes nothing above C4. The author of what it opens is
        its human.
      </p>
      <Table label="Agents" rows={agents} keyOf={({ name }) => name} columns={COLUMNS} />
    </Section>
  );
}

const COLUMNS: Columns<Person> = {
  Agent: ({ name }) => (
    <Link to="/people/$name" params={{ name }}>
      {name}
    </Link>
  ),
  'In the name of': ({ botOf }) =>
    botOf === null ? (
      'nobody'
    ) : (
      <Link to="/people/$name" params={{ name: botOf }}>
        {botOf}
      </Link>
    ),
  State: ({ disabled }) => (disabled ? 'shut out' : 'let in as long as its human is'),
  Tokens: ({ name }) => <AgentTokens name={name} />,
};

function AgentTokens({ name }: { readonly name: string }) {
  const refused = whyNotTokens(useQuery(askMe).data, name);
  const tokens = useQuery({
    queryKey: ['people', name, 'tokens'],
    queryFn: () => api<{ tokens: Token[] }>(`/people/${encodeURIComponent(name)}/tokens`),
    enabled: refused === null,
  });
  if (refused !== null) return <span className="quiet">{refused}</span>;
  return (
    <Answered query={tokens} waiting={<span className="quiet">asking</span>}>
      {({ tokens: all }) => {
        const valid = all.filter(
          ({ revokedAt, expiresAt }) => revokedAt === null && Date.parse(expiresAt) > Date.now(),
        );
        if (valid.length === 0) return 'none, so it is not let in';
        return valid.map(({ id, label, scopes, expiresAt }) => (
          <div key={id}>
            {label} ({scopes.join(', ')}) until <Instant at={expiresAt} />
          </div>
        ));
      }}
    </Answered>
  );
}
