import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { IncidentRecord } from '../../../src/contract/incidents.ts';
import type { Severity } from '../../../src/kernel/policy/facts.ts';
import { Act } from '../parts/act.tsx';
import { send } from '../server/api.ts';
import { askMe } from '../server/questions.ts';
import { isOnCall, SEVERITY_WORDS, whyNotJudge, whyNotResolve } from './words.ts';

/** What can be done with an incident. */
export function IncidentActs({ record }: { readonly record: IncidentRecord }) {
  const me = useQuery(askMe).data;
  const { id, status } = record;
  const path = `/incidents/${encodeURIComponent(id)}`;
  return (
    <>
      <AtDoor id={id} path={path} blocked={whyNotJudge(me)} />
      {status === 'active' && (
        <>
          <Severities record={record} path={path} lower={isOnCall(me)} />
          <Act
            label="Resolve"
            blocked={whyNotResolve(me)}
            reason="over"
            weight="words"
            object={id}
            says="Changes may go on from that moment, as far as nothing else stops them."
            act={(reason) => send('POST', `${path}/resolve`, { reason })}
          />
        </>
      )}
    </>
  );
}

interface SeveritiesProps {
  readonly record: IncidentRecord;
  readonly path: string;
  readonly lower: boolean;
}

function Severities({ record, path, lower }: SeveritiesProps) {
  const { id, severity } = record;
  const others = Object.entries(SEVERITY_WORDS).filter(
    ([name]) => name !== severity && (lower || name < severity),
  );
  const [wanted, setWanted] = useState<string | null>(null);
  const first = others[0]?.[0];
  const chosen = others.some(([name]) => name === wanted) ? wanted : first;
  return (
    <Act
      label="Change severity"
      blocked={first === undefined ? 'It is the worst already; an EOC or IMOC on duty may lower it.' : null}
      reason="over"
      weight="words"
      object={id}
      variant="default"
      says="Anybody may raise it; an EOC or IMOC on duty may lower it."
      fields={
        <NativeSelect
          label="To"
          mt="sm"
          value={chosen ?? ''}
          data={others.map(([value, label]) => ({ value, label }))}
          onChange={({ currentTarget }) => setWanted(currentTarget.value)}
        />
      }
      act={(reason) => send('POST', `${path}/severity`, { severity: chosen as Severity, reason })}
    />
  );
}

function AtDoor({
  id,
  path,
  blocked,
}: {
  readonly id: string;
  readonly path: string;
  readonly blocked: string | null;
}) {
  const [change, setChange] = useState('');
  return (
    <Act
      label="Lay at a change’s door"
      blocked={blocked}
      reason="over"
      weight="words"
      object={id}
      variant="default"
      says="The procedure of that change is no longer trusted for the time that the policy sets. It is said once, and stays."
      fields={
        <TextInput
          label="The change that caused it"
          placeholder="CHG-12"
          mt="sm"
          value={change}
          onChange={({ currentTarget }) => setChange(currentTarget.value)}
        />
      }
      act={(reason) => send('POST', `${path}/cause`, { change: change.trim(), reason })}
    />
  );
}
