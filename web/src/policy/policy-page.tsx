import { Group, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { PolicyChecklist } from '../../../src/contract/policy-checklist.ts';
import { KINDS, SEVERITIES } from '../../../src/kernel/policy/facts.ts';
import { CRITICALITIES } from '../../../src/kernel/policy/facts.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Page, Section } from '../parts/page.tsx';
import { RuleName } from '../parts/rule-name.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { Said } from '../parts/said.tsx';
import { VERDICT_TONES } from '../parts/tones.ts';
import { api } from '../server/api.ts';
import { askNow } from '../server/questions.ts';
import { AnswerAt } from './answer.tsx';
import { momentsOf, notAsked, type Rule, saidNow, textsOf } from './checklist.ts';
import { policySearch } from './search.ts';
import { Versions } from './versions.tsx';

/** What the policy asks of a kind of change, moment by moment, and what it says at this instant. */
export function PolicyPage() {
  const search = useSearch({ from: '/policy' });
  const { severity = 'S3', kind = 'maintenance' } = search;
  const query = new URLSearchParams({ severity, kind });
  const policy = useQuery({
    queryKey: ['policies', 'checklist', query.toString()],
    queryFn: () => api<PolicyChecklist>(`/policy?${query}`),
  });
  return (
    <Page
      title="Policy"
      lead="What is asked of a change, in the order in which it is asked. The column Now is the answer without a request, as the page Now shows it. Nobody can change a rule here."
    >
      <Kind />
      <Answered query={policy}>
        {({ name, digest, rules }) => (
          <>
            <p>
              In force: <strong>{name}</strong> <code className="quiet">{digest.slice(0, 19)}</code>
            </p>
            {momentsOf(rules).map((moment) => (
              <Section key={moment.title} title={moment.title}>
                <Table label={moment.title} rows={moment.rules} keyOf={keyOf} columns={COLUMNS} />
              </Section>
            ))}
            <NotAsked rules={notAsked(rules)} />
          </>
        )}
      </Answered>
      <AnswerAt />
      <Versions />
    </Page>
  );
}

function keyOf({ rule }: Rule): string {
  return rule;
}

const COLUMNS: Columns<Rule> = {
  'What is asked': (rule) => (
    <>
      {textsOf(rule).map(({ what, of }) => (
        <div key={what}>
          {what} {textsOf(rule).length > 1 && <span className="quiet">({of.join(', ')})</span>}
        </div>
      ))}
      <code className="quiet">{rule.rule}</code>
    </>
  ),
  'Asked of': ({ asked }) => askedOf(asked.map(({ criticality }) => criticality)),
  'If it is not so': ({ level, exception }) => (
    <>
      <Badge tone={level === 'deny' ? 'stop' : 'warn'}>{level === 'deny' ? 'stops' : 'warns'}</Badge>
      {exception && ' unless a reviewer approves an exception'}
    </>
  ),
  Now: (rule) => <Now rule={rule} />,
};

/** Of all of them in a word: most rules are asked of all. */
function askedOf(criticalities: readonly string[]): string {
  return criticalities.length === CRITICALITIES.length ? 'C1 to C4' : criticalities.join(', ');
}

/** What a rule says at this instant; one that is asked about a request alone says nothing without one. */
function Now({ rule }: { readonly rule: Rule }) {
  const { data: now, isError } = useQuery(askNow);
  if (!rule.at.includes('ask')) return <span className="quiet">asked of each change</span>;
  if (now === undefined)
    return isError ? <Badge tone="unknown">not known</Badge> : <span className="quiet">asking</span>;
  const said = saidNow(rule, now);
  if (said.length === 0) return <Badge tone="go">nothing against it</Badge>;
  return [...Map.groupBy(said, ({ verdict, environment }) => `${verdict} ${environment}`)].map(
    ([key, same]) => {
      const [first] = same;
      return first === undefined ? null : (
        <div key={key}>
          <Badge tone={VERDICT_TONES[first.verdict]}>{first.verdict}</Badge> {first.environment},{' '}
          {same.map(({ criticality }) => criticality).join(', ')}: <Said text={first.because} />
        </div>
      );
    },
  );
}

/** Of which kind of change the list is. */
function Kind() {
  const search = useSearch({ from: '/policy' });
  const { severity = 'S3', kind = 'maintenance' } = search;
  const navigate = useNavigate();
  const set = (change: Record<string, string>) =>
    void navigate({
      to: '/policy',
      // What was chosen just before may not be drawn yet.
      search: (before) => policySearch({ ...before, ...change }),
      replace: true,
      resetScroll: false,
    });
  return (
    <Group gap="sm" mb="sm" role="search" aria-label="Which kind of change" data-print="hide">
      <NativeSelect
        label="Kind"
        data={[...KINDS]}
        value={kind}
        onChange={({ currentTarget }) => set({ kind: currentTarget.value })}
      />
      <NativeSelect
        label="Severity"
        data={[...SEVERITIES]}
        value={severity}
        onChange={({ currentTarget }) => set({ severity: currentTarget.value })}
      />
    </Group>
  );
}

function NotAsked({ rules }: { readonly rules: readonly Rule[] }) {
  if (rules.length === 0) return null;
  return (
    <Section title="Not asked">
      <ul>
        {rules.map(({ rule, level }) => (
          <li key={rule}>
            <RuleName rule={rule} />:{' '}
            {level === 'off' ? 'this policy does not ask it' : 'asks nothing of such a change'}
          </li>
        ))}
      </ul>
    </Section>
  );
}
