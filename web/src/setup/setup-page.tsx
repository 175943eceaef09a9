import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Setup } from '../../../src/contract/setup.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Page } from '../parts/page.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { askMe, askSetup } from '../server/questions.ts';
import { useDismissed } from './dismissed.ts';

type Step = Setup['steps'][number];

/** What to set up on a fresh server; each is told by what is so, so nothing is ticked off. */
export function SetupPage() {
  const setup = useQuery(askSetup);
  const me = useQuery(askMe).data;
  const [dismissed, dismiss] = useDismissed(me?.name);
  return (
    <Page
      title="Setting up"
      lead="From a fresh server to the first change. Each line is computed from what is so now, and is missing again when that ends."
      acts={
        me && (
          <ActButton always variant="default" onPress={() => dismiss(!dismissed)}>
            {dismissed ? 'Show it on Now again' : 'Do not show it on Now'}
          </ActButton>
        )
      }
    >
      <Answered query={setup}>
        {({ steps, done }) => (
          <>
            {done && <p role="status">Everything is set up.</p>}
            <Table label="What is set up" rows={steps} keyOf={({ step }) => step} columns={COLUMNS} />
          </>
        )}
      </Answered>
    </Page>
  );
}

const COLUMNS: Columns<Step> = {
  State: ({ done }) => <Badge tone={done ? 'go' : 'warn'}>{done ? 'done' : 'missing'}</Badge>,
  What: ({ title }) => title,
  'As it is': ({ text }) => text,
  Where: ({ step }) => {
    const { to, name } = WHERE[step];
    return <Link to={to}>{name}</Link>;
  },
  'From a terminal': ({ how }) => <code>{how}</code>,
};

const WHERE = {
  policy: { to: '/policy', name: 'Policy' },
  environments: { to: '/policy', name: 'Policy' },
  'error-budgets': { to: '/policy', name: 'Policy' },
  people: { to: '/people', name: 'People' },
  rota: { to: '/rotas', name: 'Rotas' },
  monitoring: { to: '/', name: 'Now' },
  bastions: { to: '/bastions', name: 'Bastions' },
  integrations: { to: '/integrations', name: 'Integrations' },
  'first-change': { to: '/changes', name: 'Changes' },
} as const satisfies Record<Step['step'], { readonly to: string; readonly name: string }>;
