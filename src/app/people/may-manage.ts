import type { Actor } from '../actor.ts';

/** Whether an actor may manage accounts: a person who is an administrator now, by a credential that says so too. */
export function mayManage(actor: Actor): boolean {
  return actor.kind === 'person' && actor.standing.includes('admin') && actor.scopes.includes('admin');
}
