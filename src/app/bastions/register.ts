import type { Bastion, NewBastion } from '../../contract/bastions.ts';
import { insertBastion } from '../../store/bastions.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { newId, newSecret } from '../secrets.ts';
import { bastionView } from './view.ts';

/** Registers a host for one environment of the policy; its key is shown this once. */
export async function registerBastion(
  context: AppContext,
  call: Call,
  wanted: NewBastion,
): Promise<Outcome<Recorded<Bastion & { key: string }>>> {
  const deed = { type: 'bastion.registered', action: 'register', object: `bastion/${wanted.name}` };
  return carryOut(context, call, deed, async (tx) => {
    const environments = context.policy.policy.environments;
    if (!environments.has(wanted.environment)) {
      const known = [...environments.keys()].join(', ');
      return refuse(
        'invalid',
        `expected an environment of the policy (${known}), got \`${wanted.environment}\``,
      );
    }
    const secret = newSecret('bastion');
    const row = await insertBastion(tx, {
      id: newId('bas'),
      name: wanted.name,
      environment: wanted.environment,
      role: wanted.role,
      privileged: wanted.privileged,
      keyHash: secret.hash,
      days: wanted.days,
      by: call.actor.person,
    });
    if (!row)
      return refuse(
        'exists',
        `expected a host that is not registered, got \`${wanted.name}\`; revoke it first`,
      );
    const value = bastionView(row);
    return done({
      value: { ...value, key: secret.text },
      reason: `${row.role} registered for ${row.environment}`,
      after: digestOf(context, value),
      details: { id: row.id, role: row.role, environment: row.environment, privileged: row.privileged },
    });
  });
}
