import { Button, Group, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { send } from '../server/api.ts';
import { isUnproven } from '../server/error-text.ts';
import { Problem } from './problem.tsx';

interface NewSecretProps {
  /** What the button says. */
  readonly label: string;
  readonly placeholder?: string;
  /** More to choose before it is made. */
  readonly fields?: ReactNode;
  /** Whether what was chosen there will do. */
  readonly ready?: boolean;
  /** Makes it, and answers what is secret, each in a line. */
  readonly make: (whatFor: string) => Promise<readonly string[]>;
  /** The question whose answer has one more then. */
  readonly asked: string;
  /** What whoever knows it can do. */
  readonly says: string;
}

/** Makes something secret for a purpose, and shows it this once; where the server asks who it is, it asks for the password too. */
export function NewSecret(props: NewSecretProps) {
  const { label, placeholder, fields, ready = true, make, asked, says } = props;
  const queries = useQueryClient();
  const [whatFor, setWhatFor] = useState('');
  const [password, setPassword] = useState('');
  const making = useMutation({
    mutationFn: async () => {
      if (password !== '') await send('POST', '/authentications', { password });
      return make(whatFor.trim());
    },
    onSuccess: async () => {
      setWhatFor('');
      setPassword('');
      await queries.invalidateQueries({ queryKey: [asked] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (whatFor.trim() !== '' && ready && !making.isPending) making.mutate();
  };
  return (
    <form onSubmit={submit} data-print="hide">
      <Group gap="sm" align="end" mb="sm">
        <TextInput
          label="What it is for"
          {...(placeholder !== undefined && { placeholder })}
          value={whatFor}
          onChange={({ currentTarget }) => setWhatFor(currentTarget.value)}
        />
        {fields}
        {isUnproven(making.error) && (
          <PasswordInput
            label="Your password"
            value={password}
            autoComplete="current-password"
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          />
        )}
        <Button type="submit" variant="default" loading={making.isPending}>
          {label}
        </Button>
      </Group>
      {making.isError && <Problem error={making.error} />}
      {making.data !== undefined && (
        <div className="notice" role="status">
          Shown this once; {says}:
          <ul>
            {making.data.map((secret) => (
              <li key={secret}>
                <code>{secret}</code>
              </li>
            ))}
          </ul>
        </div>
      )}
    </form>
  );
}
