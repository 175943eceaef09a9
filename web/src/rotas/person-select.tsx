import { NativeSelect } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { People } from '../../../src/contract/people.ts';
import { api } from '../server/api.ts';

const askPeople = queryOptions({ queryKey: ['people'], queryFn: () => api<People>('/people') });

interface PersonSelectProps {
  readonly label: string;
  readonly value: string;
  /** Who is left out. */
  readonly but?: string;
  readonly onChange: (name: string) => void;
}

/** One of the people who can answer for something; no service, nobody who is shut out. */
export function PersonSelect({ label, value, but, onChange }: PersonSelectProps) {
  const people = useQuery(askPeople).data?.people ?? [];
  const names = people
    .filter(({ name, kind, disabled }) => kind === 'person' && !disabled && name !== but)
    .map(({ name, displayName }) => ({
      value: name,
      label: displayName === name ? name : `${displayName} (${name})`,
    }));
  return (
    <NativeSelect
      label={label}
      mt="sm"
      value={value}
      data={[{ value: '', label: 'Choose' }, ...names]}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}
