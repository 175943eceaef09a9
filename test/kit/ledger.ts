import type { LedgerDraft } from '../../src/contract/ledger.ts';

/** An entry that is right in every field, with what a test wants to be different. */
export function entryOf(changes: Partial<LedgerDraft> = {}): LedgerDraft {
  return {
    type: 'change.approved',
    actor: { issuer: 'local', subject: 'rhea', capacity: 'reviewer', session: 'ses-1' },
    source: 'api',
    object: 'change/CHG-1',
    action: 'approve',
    outcome: 'allow',
    reason: 'reviewed',
    before: null,
    after: `sha256:${'0'.repeat(64)}`,
    policy: null,
    request: 'req-1',
    ...changes,
  };
}
