import type { ReactNode } from 'react';
import classes from './sign-in-frame.module.css';

/** What is around signing in: nothing but the name. */
export function SignInFrame({ children }: { readonly children: ReactNode }) {
  return (
    <div role="region" aria-label="Sign in" className={classes['place']}>
      <div className={classes['card']}>
        <h1 className={classes['name']}>
          <img src="/signal.svg" alt="" width="28" height="28" />
          Interlock
        </h1>
        {children}
      </div>
    </div>
  );
}
