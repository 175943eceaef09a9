import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { askPeople } from '../server/questions.ts';

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
