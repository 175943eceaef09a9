import { expect, test } from 'vitest';
import { parseFacts } from '../../src/contract/facts.ts';
import { decisionDocument, decisionDocumentSchema } from '../../src/contract/decision.ts';
import { ask, baseNames, factsDocument } from '../kit/policy.ts';

test('facts that are wrong come back as problems with their path, and never throw', () => {
  for (const wrong of [null, undefined, 7, 'at', [], new Date(), Symbol('s'), () => 1]) {
    expect(parseFacts(wrong)).toMatchObject({ ok: false });
  }
  expect(
    parseFacts({ at: '2026-11-17T15:10:00Z', action: 'ask', change: { approvals: [{}, { via: 'fax' }] } }),
  ).toEqual({
    ok: false,
    problems: [
      {
        path: ['change', 'approvals', 1, 'via'],
        message: 'expected one of `app`, `issue`, `chat`, `voice`, got `fax`',
      },
    ],
  });
});

test('a person whose name is that of the prototype holds no role', () => {
  const document = JSON.parse(
    '{"at":"2026-11-17T15:10:00Z","action":"ask","people":{"__proto__":["director"],"ana":["director"]}}',
  ) as unknown;
  const read = parseFacts(document);
  expect(read.ok && [...(read.facts.people ?? [])]).toEqual([['ana', ['director']]]);
});

test('what is absent is empty, none, its default or unknown, as the format says', () => {
  const read = parseFacts({ at: '2026-11-17T15:10:00Z', action: 'start', change: { slot: {} } });
  expect(read).toMatchObject({
    ok: true,
    facts: {
      running: [],
      host: null,
      rota: undefined,
      change: {
        approvals: [],
        slot: { start: undefined },
        monthlyRelease: false,
        updatesOverdue: 0,
        severity: undefined,
      },
    },
  });
});

test.each(baseNames)('the decision on %s has the form that is published', (base) => {
  const digest = `sha256:${'0'.repeat(64)}`;
  const document = decisionDocument(ask(base), digest, digest);
  expect(decisionDocumentSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
  expect(parseFacts(JSON.parse(JSON.stringify(factsDocument(base))))).toMatchObject({ ok: true });
});
