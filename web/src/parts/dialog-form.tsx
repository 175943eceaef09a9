import { Button, Group, Stack } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import type { ButtonLooks } from './act-button.tsx';

interface DialogFormProps {
  /** What the button that sends it says. */
  readonly label: string;
  readonly color?: ButtonLooks['color'];
  /** What is still to be given before it can be sent, or `null`. */
  readonly lacks: string | null;
  readonly pending: boolean;
  readonly onSend: () => void;
  readonly onLeave: () => void;
  /** Another way to send it. */
  readonly also?: ReactNode;
  readonly children: ReactNode;
}

/** What a dialog asks, and the two ways out of it: it is sent, or left. What it lacks stands beside them. */
export function DialogForm(props: DialogFormProps) {
  const { label, color, lacks, pending, onSend, onLeave, also, children } = props;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (lacks === null && !pending) onSend();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {children}
        <Group gap="xs" align="center">
          <Button type="submit" {...(color && { color })} loading={pending} aria-disabled={lacks !== null}>
            {label}
          </Button>
          {also}
          <Button variant="subtle" onClick={onLeave}>
            Leave it
          </Button>
          {lacks !== null && (
            <span className="quiet" role="status">
              {lacks}
            </span>
          )}
        </Group>
      </Stack>
    </form>
  );
}
