import { Group, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { PolicyAnswer } from '../../../src/contract/policies.ts';
import { CRITICALITIES, DUTIES, STAGES } from '../../../src/kernel/policy/facts.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { RuleName } from '../parts/rule-name.tsx';
import { Said } from '../parts/said.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { VERDICT_TONES } from '../parts/tones.ts';
import { api } from '../server/api.ts';
import { askNow } from '../server/questions.ts';
import { type PolicySearch, policySearch } from './search.ts';

/** What the policy would say of a kind of change at an instant that is chosen: the server's own verdict function is asked. */
export function AnswerAt() {
  const search = useSearch({ from: '/policy' });
  const environments = useQuery(askNow).data?.environments ?? [];
  const environment = search.environment ?? environments[0]?.name;
  const query = queryOf(search, environment ?? '');
  const answer = useQuery({
    queryKey: ['policies', 'answer', query],
    queryFn: () => api<PolicyAnswer>(`/policy/answer?${query}`),
    enabled: environment !== undefined,
  });
  return (
    <Section title="What would it say?">
      <Question environments={environments.map(({ name }) => name)} />
      <Answered query={answer}>{(data) => <Told answer={data} ahead={search.at !== undefined} />}</Answered>
    </Section>
  );
}

function queryOf(search: PolicySearch, environment: string): string {
  const { criticality = 'C3', severity = 'S3', kind = 'maintenance', deployment, length, at } = search;
  return new URLSearchParams({
    environment,
    criticality,
    severity,
    kind,
    ...(deployment !== undefined && { deployment }),
    ...(length !== undefined && { estimateMinutes: String(length) }),
    ...(at !== undefined && { at: `${at}:00Z` }),
  }).toString();
}

function Question({ environments }: { readonly environments: readonly string[] }) {
  const search = useSearch({ from: '/policy' });
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
    <Group gap="sm" mb="sm" align="end" role="search" aria-label="What the policy is asked" data-print="hide">
      <NativeSelect
        label="Environment"
        data={[...environments]}
        value={search.environment ?? environments[0] ?? ''}
        onChange={({ currentTarget }) => set({ environment: currentTarget.value })}
      />
      <NativeSelect
        label="Criticality"
        data={[...CRITICALITIES]}
        value={search.criticality ?? 'C3'}
        onChange={({ currentTarget }) => set({ criticality: currentTarget.value })}
      />
      <NativeSelect
        label="Deployment"
        data={[{ value: '', label: 'none' }, ...STAGES]}
        value={search.deployment ?? ''}
        onChange={({ currentTarget }) => set({ deployment: currentTarget.value })}
      />
      <TextInput
        type="number"
        label="Minutes, with undoing"
        min={0}
        w="11rem"
        value={search.length ?? ''}
        onChange={({ currentTarget }) => set({ length: currentTarget.value })}
      />
      <TextInput
        type="datetime-local"
        label="At, UTC (empty: now)"
        value={search.at ?? ''}
        onChange={({ currentTarget }) => set({ at: currentTarget.value })}
      />
    </Group>
  );
}

function Told({ answer, ahead }: { readonly answer: PolicyAnswer; readonly ahead: boolean }) {
  const { at, allowed, timeAllows, nextOpening, onDuty, verdicts } = answer;
  return (
    <>
      <p role="status">
        {ahead ? (
          <Badge tone={timeAllows ? 'go' : 'stop'}>{timeAllows ? 'time allows it' : 'no'}</Badge>
        ) : (
          <Badge tone={allowed ? 'go' : 'stop'}>{allowed ? 'yes' : 'no'}</Badge>
        )}{' '}
        at <Instant at={at} />.{' '}
        {!timeAllows && nextOpening !== null && (
          <>
            Time allows it from <Instant at={nextOpening} />.{' '}
          </>
        )}
        On duty then: {DUTIES.map((duty) => `${duty.toUpperCase()} ${onDuty[duty] ?? 'nobody'}`).join(', ')}.
      </p>
      <Table
        label="What each rule says"
        rows={verdicts}
        keyOf={({ rule }) => rule}
        columns={ANSWER_COLUMNS}
      />
    </>
  );
}

const ANSWER_COLUMNS: Columns<PolicyAnswer['verdicts'][number]> = {
  Rule: ({ rule }) => <RuleName rule={rule} />,
  Says: ({ verdict, known }) =>
    known ? <Badge tone={VERDICT_TONES[verdict]}>{verdict}</Badge> : <Badge tone="quiet">asked then</Badge>,
  Because: ({ because, known }) =>
    known ? <Said text={because} /> : 'It rests on what is so at that instant, which nobody can know before.',
};
