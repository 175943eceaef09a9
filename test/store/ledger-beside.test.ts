import { describe, expect, test } from 'vitest';
import type { LedgerDraft } from '../../src/contract/ledger.ts';
import { canonicalJson } from '../../src/kernel/ledger/canonical.ts';
import { differencesBeside } from '../../src/store/ledger-beside.ts';
import { entryOf } from '../kit/ledger.ts';

const actor = entryOf().actor;
const mimic = { object: 'change/none', outcome: 'deny', policy: null, subject: 'cora', type: 'other' };
const inText = ',"object":"x","outcome":"deny","policy":null,"subject":"cora"},"type":"x","version":1}';

/** Entries that say the same words elsewhere too, or in another spelling. */
const ENTRIES: Record<string, Partial<LedgerDraft>> = {
  plain: {},
  'the same members among its details': { details: mimic },
  'the same members among its digests': { digests: { object: `sha256:${'1'.repeat(64)}` } },
  'the same members in a text': {
    reason: inText,
    request: inText,
    object: `run/${inText}`,
    actor: { ...actor, capacity: inText, session: inText },
  },
  'escapes in what it is found by': {
    object: 'run/a"b\\',
    actor: { ...actor, subject: '"},"after":\\"\n', issuer: '"subject":"x"' },
  },
  'a service of another language': { object: 'run/čaj ☕', actor: { ...actor, subject: 'žofie 🫖' } },
};

describe.each(Object.entries(ENTRIES))('an entry with %s', (_name, changes) => {
  const draft = entryOf(changes);
  const { object, type, outcome } = draft;
  const entry = canonicalJson({ ...draft, time: '2026-01-01T00:00:00.000000Z', version: 1 });
  const beside = { object, type, subject: draft.actor.subject, outcome };

  test('agrees with what it says itself', () => {
    expect(differencesBeside(entry, beside)).toEqual([]);
  });

  test.each(['object', 'type', 'subject', 'outcome'] as const)('differs in its %s', (column) => {
    for (const other of [null, '', `${beside[column]} `, ...Object.values(mimic)]) {
      if (other === beside[column]) continue;
      const found = differencesBeside(entry, { ...beside, [column]: other });
      expect(found).toEqual([expect.stringContaining(`expected the column \`${column}\` to say `)]);
    }
  });
});

test.each(['no JSON', 'null', '{}', '[]', '{"actor":null}'])('`%s` is no ground for a column', (entry) => {
  expect(
    differencesBeside(entry, { object: 'change/CHG-1', type: null, subject: null, outcome: null }),
  ).toEqual(['expected the column `object` to say nothing, as the entry does, got `change/CHG-1`']);
});
