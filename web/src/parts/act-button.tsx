import { Button } from '@mantine/core';
import { type ReactNode, type Ref, useId } from 'react';
import { useSilence } from './silence.ts';
import classes from './act-button.module.css';
import { Said } from './said.tsx';
import { begun } from './sentence.ts';

/** How a button looks: `stop` for what stops, `default` for what is not the first thing to do. */
export interface ButtonLooks {
  readonly color?: 'go' | 'stop' | 'tide';
  readonly variant?: 'filled' | 'default' | 'light' | 'subtle' | 'outline';
  readonly size?: 'xs' | 'sm' | 'md' | 'lg' | 'xl';
  readonly fullWidth?: boolean;
}

interface ActButtonProps extends ButtonLooks {
  /** Why it cannot be done now, or `null`. It is shown, and the button stays where it is. */
  readonly blocked?: string | null;
  /** `beside`: the reason stands under the button. `over`: it appears when the button is pointed at or focused. */
  readonly reason?: 'beside' | 'over';
  /** It may be pressed though the server does not answer: it needs none, or it is to be tried whatever is so. */
  readonly always?: boolean;
  readonly onPress?: () => void;
  readonly loading?: boolean;
  readonly type?: 'button' | 'submit';
  readonly ref?: Ref<HTMLButtonElement>;
  readonly children: ReactNode;
}

/** A button that says why it does nothing, rather than to be gone or mute. It keeps the focus: its reason can be read. */
export function ActButton({
  blocked: refused = null,
  reason = 'beside',
  always = false,
  onPress,
  type = 'button',
  children,
  ...rest
}: ActButtonProps) {
  const id = useId();
  const silence = useSilence();
  const blocked = always ? refused : (silence ?? refused);
  if (blocked === null) {
    // Within an element as below, so that it is the same button once it is blocked: it keeps the focus.
    return (
      <span className={classes['free']}>
        <Button type={type} onClick={onPress} {...rest}>
          {children}
        </Button>
      </span>
    );
  }
  return (
    <span className={reason === 'over' ? classes['over'] : classes['beside']}>
      <Button
        {...rest}
        variant="default"
        type="button"
        aria-disabled="true"
        aria-describedby={id}
        className={classes['blocked']}
        onClick={(event) => event.preventDefault()}
      >
        {children}
      </Button>
      <span id={id} className={classes['reason']}>
        <Said text={begun(blocked)} />
      </span>
    </span>
  );
}
