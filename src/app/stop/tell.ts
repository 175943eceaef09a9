import { findChange, findRevision } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import { onDutyNow } from '../../store/rota.ts';
import type { Call } from '../actor.ts';
import { tellPeople } from '../notice/tell.ts';

/**
 * Tells the people of a change, who is on call, and whoever is said to have done it, that it was stopped on the word of a bastion; nothing
 * where a token or a session proved who did. Somebody else with that bastion's key may have, and its person is who knows.
 */
export async function tellOfLogin(
  tx: Transaction,
  { actor, requestId }: Call,
  { change, what }: { readonly change: string; readonly what: string },
): Promise<void> {
  const { person, host, credential } = actor;
  if (credential.kind !== 'login' || host === null) return;
  const row = await findChange(tx, change);
  const plan = row && (await findRevision(tx, change, row.revision))?.plan;
  const { eoc, imoc } = await onDutyNow(tx);
  const concerned = [person, row?.author, row?.author_bot_of, plan?.executor, plan?.emoc, eoc, imoc];
  await tellPeople(tx, {
    to: [...concerned, ...(plan?.team ?? [])].filter((one) => typeof one === 'string'),
    key: `stop-by-login:${change}:${requestId}`,
    kind: 'stop-by-login',
    about: `change/${change}`,
    body: `${change}: ${what} by ${person}, known by the login on ${host.name} and its key alone, without token or session. If you are ${person} and did not do that, have an administrator revoke ${host.name}.`,
  });
}
