import { type ReactNode, useState } from 'react';
import { ActButton, type ButtonLooks } from './act-button.tsx';
import { Confirm, type Weight } from './confirm.tsx';
import { said } from './said.tsx';

export interface ActProps extends ButtonLooks {
  /** What it is called, on the button and in the dialog: `Hold`. */
  readonly label: string;
  /** Why this person may not now, or `null`. */
  readonly blocked: string | null;
  readonly weight: Weight;
  /** What is acted on; at the weight `typed` it is typed: `CHG-12`. */
  readonly object: string;
  /** What happens then, before it is confirmed. */
  readonly says: ReactNode;
  /** Does it. The words are empty at the weight `press`. */
  readonly act: (words: string) => Promise<unknown>;
  /** More to choose in the dialog. */
  readonly fields?: ReactNode;
  readonly reason?: 'beside' | 'over';
  /** It may be tried though the server does not answer: what stops production, and what needs no server. */
  readonly always?: boolean;
}

/** An act of a person: a button, and a confirmation that fits its weight. */
export function Act({ label, blocked, weight, object, says, act, fields, ...button }: ActProps) {
  const [asked, setAsked] = useState(false);
  return (
    <>
      <ActButton blocked={blocked} onPress={() => setAsked(true)} {...button}>
        {label}
      </ActButton>
      {asked && (
        <Confirm
          label={label}
          weight={weight}
          object={object}
          act={act}
          {...(button.always && { always: true })}
          {...(button.color && { color: button.color })}
          onClose={() => setAsked(false)}
        >
          {said(says)}
          {fields}
        </Confirm>
      )}
    </>
  );
}
