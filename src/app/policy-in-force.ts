import { transact, type Queries } from '../store/database.ts';
import {
  holdPolicy,
  insertPolicyInForce,
  keepPolicyText,
  policyOnDatabase,
} from '../store/policies-in-force.ts';
import { systemCall } from './actor.ts';
import { entryBase, record } from './carry-out.ts';
import type { AppContext } from './context.ts';
import { whyFrozen } from './ledger-freeze.ts';
import { refuse, type Refused } from './outcome.ts';

/**
 * Puts the policy that this server was started with in force on its database, with an entry of the ledger where it is another
 * than before. Servers that enforce another one decide nothing from then on (ADR 0104). `startedBy`: the account of the system and
 * the host, for whoever asks later who brought it.
 */
export async function putPolicyInForce(context: AppContext, startedBy: string): Promise<void> {
  const { digest, policy, text } = context.policy;
  await transact(context.db, async (tx) => {
    await holdPolicy(tx);
    await keepPolicyText(tx, digest, text);
    const before = await policyOnDatabase(tx);
    if (before === digest) return;
    const { index } = await record(tx, {
      ...entryBase(context, systemCall('server')),
      type: 'policy.in-force',
      action: 'enforce',
      object: 'policy/in-force',
      outcome: 'allow',
      reason: before === null ? 'the first policy' : 'a server was started with another policy',
      before,
      after: digest,
      details: { by: startedBy },
    });
    await insertPolicyInForce(tx, { digest, name: policy.name, startedBy, index });
  });
}

/** Why this server does not enforce the policy in force; `null` if it does. */
export async function whySuperseded(
  { policy }: Pick<AppContext, 'policy'>,
  db: Queries,
): Promise<string | null> {
  const inForce = await policyOnDatabase(db);
  if (inForce === null || inForce === policy.digest) return null;
  return `this server was started with the policy \`${policy.digest}\`, and \`${inForce}\` is in force: start it anew with that one`;
}

/** Why this server lets nothing be done: a frozen ledger, or a policy that is not in force any more. `null` if it may. */
export async function whyNothingIsDone(
  context: Pick<AppContext, 'ledger' | 'policy'>,
  db: Queries,
): Promise<Refused | null> {
  const [frozen, superseded] = await Promise.all([whyFrozen(context, db), whySuperseded(context, db)]);
  if (frozen !== null) return refuse('ledger_frozen', frozen);
  return superseded === null ? null : refuse('policy_superseded', superseded);
}
