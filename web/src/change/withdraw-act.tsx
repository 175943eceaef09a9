import { Act } from '../parts/act.tsx';
import { send } from '../server/api.ts';

interface WithdrawActProps {
  readonly change: string;
  readonly approval: string;
}

interface WithdrawExceptionProps {
  readonly change: string;
  readonly exception: string;
}

/** Takes one's own word back. What runs meanwhile stops before its next step. */
export function WithdrawAct({ change, approval }: WithdrawActProps) {
  return (
    <Act
      label="Withdraw"
      object={change}
      size="xs"
      variant="default"
      color="stop"
      weight="press"
      blocked={null}
      says="Your approval counts no more from now on. What already runs stops before its next step."
      act={() => send('DELETE', `/changes/${change}/approvals/${approval}`)}
    />
  );
}

/** The same of an exception that one asked for or approved, with the reason, which its other people read. */
export function WithdrawException({ change, exception }: WithdrawExceptionProps) {
  return (
    <Act
      label="Withdraw the exception"
      object={change}
      size="xs"
      variant="default"
      color="stop"
      weight="words"
      reason="over"
      blocked={null}
      says="The rule holds again from now on. What already runs is asked it before its next step."
      act={(reason) => send('POST', `/changes/${change}/exceptions/${exception}/withdraw`, { reason })}
    />
  );
}
