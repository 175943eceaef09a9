import type { Transaction } from '../../store/database.ts';
import { onDutyNow } from '../../store/rota.ts';
import { tellPeople } from '../notice/tell.ts';

/** Tells the engineer and the incident manager on call of an incident, once for each key. */
export async function tellOnCall(
  tx: Transaction,
  incident: string,
  { key, kind, body }: { readonly key: string; readonly kind: string; readonly body: string },
): Promise<void> {
  const { eoc, imoc } = await onDutyNow(tx);
  const to = [eoc, imoc].filter((person) => person !== undefined);
  await tellPeople(tx, { to, key: `${kind}:${incident}:${key}`, kind, about: `incident/${incident}`, body });
}
