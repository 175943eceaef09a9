import { PasswordInput, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { send } from '../server/api.ts';
import { isUnproven } from '../server/error-text.ts';
import type { ButtonLooks } from './act-button.tsx';
import { Dialog } from './dialog.tsx';
import { DialogForm } from './dialog-form.tsx';
import { Problem } from './problem.tsx';
import { useSilence } from './silence.ts';

/** `press`: pressed once more. `words`: a reason is written. `typed`: a reason, and the name of what is acted on. */
export type Weight = 'press' | 'words' | 'typed';

interface ConfirmProps {
  readonly label: string;
  readonly weight: Weight;
  readonly object: string;
  readonly act: (words: string) => Promise<unknown>;
  readonly color?: ButtonLooks['color'];
  /** It may be tried though the server does not answer. */
  readonly always?: boolean;
  readonly onClose: () => void;
  /** What happens then. */
  readonly children: ReactNode;
}

/** Asks once more before an act, as its weight wants it; where the server asks who it is, it asks for the password too. */
export function Confirm({
  label,
  weight,
  object,
  act,
  color,
  always = false,
  onClose,
  children,
}: ConfirmProps) {
  const queries = useQueryClient();
  const [words, setWords] = useState('');
  const [typed, setTyped] = useState('');
  const [password, setPassword] = useState('');
  const doing = useMutation({
    mutationFn: async () => {
      if (password !== '') await send('POST', '/authentications', { password });
      await act(words.trim());
    },
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries();
    },
  });
  const silence = useSilence();
  const lacks = lacking({ weight, object, words, typed }) ?? (always ? null : silence);
  return (
    <Dialog title={`${label} ${object}`} onClose={onClose}>
      <DialogForm
        label={`${label} ${object}`}
        {...(color && { color })}
        lacks={lacks}
        pending={doing.isPending}
        onSend={() => doing.mutate()}
        onLeave={onClose}
      >
        <div>{children}</div>
        {weight !== 'press' && (
          <Textarea
            label="Why"
            description="It goes into the record."
            value={words}
            autosize={false}
            rows={3}
            data-autofocus
            onChange={(event) => setWords(event.currentTarget.value)}
          />
        )}
        {weight === 'typed' && (
          <TextInput
            label={`Type ${object} to confirm`}
            value={typed}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
        {isUnproven(doing.error) && (
          <PasswordInput
            label="Your password"
            description="An act of this weight asks who you are once more."
            value={password}
            autoComplete="current-password"
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        )}
        {doing.isError && <Problem error={doing.error} />}
      </DialogForm>
    </Dialog>
  );
}

interface Given {
  readonly weight: Weight;
  readonly object: string;
  readonly words: string;
  readonly typed: string;
}

/** What is still to be given, or `null`. */
function lacking({ weight, object, words, typed }: Given): string | null {
  if (weight !== 'press' && words.trim() === '') return 'A reason is needed.';
  if (weight === 'typed' && typed.trim() !== object) return `\`${object}\` is to be typed.`;
  return null;
}
