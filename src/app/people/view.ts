import type { Person, Token } from '../../contract/people.ts';
import type { PersonRow } from '../../store/people.ts';
import type { TokenRow } from '../../store/tokens.ts';

/** An account as the API shows it, and as its digest in the ledger is taken. */
export function personView(row: PersonRow): Person {
  return {
    name: row.name,
    kind: row.kind,
    displayName: row.display_name,
    botOf: row.bot_of,
    agent: row.agent,
    sameHumanAs: row.same_human_as,
    issuer: row.issuer,
    roles: row.roles,
    disabled: row.disabled_at !== null,
    createdAt: row.created_at.toISOString(),
  };
}

/** A token as the API shows it. */
export function tokenView(row: TokenRow): Token {
  return {
    id: row.id,
    person: row.person,
    label: row.label,
    scopes: row.scopes,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    expiresAt: row.expires_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}
