import type { Outcome } from './outcome.ts';
import { fail, type Judgement, pass, unknown } from './verdict.ts';

/** M9: Alertmanager's cluster is `ready`, or `disabled` where the settings say that it is alone. */
export function judgeCluster(status: Outcome<string>, { alone }: { readonly alone: boolean }): Judgement {
  const wanted = alone ? '`ready` or `disabled` wanted of its cluster' : '`ready` wanted of its cluster';
  if (!status.ok) return unknown(`${wanted}; ${status.because}`);
  const seen = `${wanted}; it is \`${status.value}\``;
  switch (status.value) {
    case 'ready':
      return pass(seen);
    case 'disabled':
      return alone ? pass(seen) : fail(`${seen}, and no setting says that it is alone`);
    default:
      // `settling`, and whatever a newer version may say.
      return unknown(seen);
  }
}
