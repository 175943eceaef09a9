import { Act } from '../parts/act.tsx';
import { send } from '../server/api.ts';

interface WithdrawActProps {
  readonly change: string;
  readonly approval: string;
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
