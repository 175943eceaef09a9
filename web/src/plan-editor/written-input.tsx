import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import { said } from '../parts/said.tsx';

interface WrittenInputProps {
  readonly label: string;
  /** What the text has there now. */
  readonly value: string;
  readonly onWrite: (value: string) => void;
  readonly flaws: readonly string[];
  readonly says?: string | undefined;
  readonly lines?: number;
  /** The only values there are. */
  readonly choices?: readonly string[] | undefined;
  /** Values that are known; others may be written. */
  readonly known?: readonly string[] | undefined;
  readonly type?: 'text' | 'number';
}

const ORDER: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];

/** A field that writes into the text of the plan. While it is in hand it shows what is typed, however the text has it. */
export function WrittenInput({
  label,
  value,
  onWrite,
  flaws,
  says,
  lines,
  choices,
  known,
  type,
}: WrittenInputProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const list = useId();
  const common = {
    label,
    description: says,
    // Fields beside each other stay in line, whatever is said of them.
    inputWrapperOrder: ORDER,
    mb: 'xs',
    error: flaws.length > 0 ? said(flaws.join(' ')) : undefined,
    value: typed ?? value,
    onFocus: () => setTyped(value),
    onBlur: () => setTyped(null),
    onChange: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) => {
      setTyped(currentTarget.value);
      onWrite(currentTarget.value);
    },
  };
  if (choices !== undefined) {
    const all = choices.includes(value) ? choices : [value, ...choices];
    return (
      <NativeSelect
        {...common}
        data={all.map((one) => ({ value: one, label: one === '' ? 'Choose' : one }))}
      />
    );
  }
  if (lines !== undefined) return <Textarea {...common} autosize={false} rows={lines} />;
  return (
    <>
      <TextInput
        {...common}
        type={type ?? 'text'}
        autoComplete="off"
        spellCheck={false}
        {...(known && { list })}
      />
      {known && (
        <datalist id={list}>
          {known.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </>
  );
}
