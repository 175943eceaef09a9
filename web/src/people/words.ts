import type { Scope, StandingRole } from '../../../src/contract/people.ts';
import type { Me } from '../../../src/contract/sessions.ts';

export const STANDING_ROLES = [
  'reviewer',
  'management',
  'director',
  'vpe',
  'admin',
] as const satisfies readonly StandingRole[];

/** What a token may be used for; none implies another. */
export const SCOPE_WORDS: Readonly<Record<Scope, string>> = {
  read: 'read: see everything',
  ask: 'ask: ask the interlock, which records its answer',
  act: 'act: do what the account may do',
  admin: 'admin: run the product',
};

/** Why somebody cannot manage accounts, or `null`. */
export function whyNotManage(me: Me | undefined): string | null {
  return me?.roles.includes('admin') === true && me.scopes.includes('admin')
    ? null
    : 'An administrator does that.';
}

/** Why somebody has nothing to do with the tokens of an account, or `null`. */
export function whyNotTokens(me: Me | undefined, name: string): string | null {
  return me?.name === name || whyNotManage(me) === null
    ? null
    : 'The tokens of an account are for itself and for administrators.';
}
