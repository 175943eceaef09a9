import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerOf } from '../../src/cli/decide.ts';
import { readFacts } from '../../src/documents/facts.ts';
import { formatProblem } from '../../src/documents/problem.ts';
import { canonicalJson } from '../../src/kernel/ledger/canonical.ts';
import { expectStatus, slotIn, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

it('gives every stored answer again, to the byte, from its facts and its policy alone', async () => {
  const { server, ana, rhea, cora } = world;
  const change = await world.open();
  const slot = slotIn(60_000);
  await change.say(ana, '/schedule', { slot });
  expectStatus(await change.approve(rhea, 'reviewer'), 201);
  expectStatus(await change.say(ana, '/schedule', { slot, tentative: true }), 200);
  expectStatus(await change.approve(cora, 'eoc'), 201);
  expectStatus(await change.say(ana, '/schedule', { slot }), 200);
  for (const criticality of ['C1', 'C4']) {
    const body = {
      environment: 'illumidesk.com',
      criticality,
      severity: 'S4',
      estimateMinutes: 5,
      rollbackMinutes: 5,
    };
    expectStatus(await server.ask('POST', '/api/v1/decisions', { token: ana.token, body }), 200);
  }

  const stored = await server.context.db
    .selectFrom('decisions')
    .select(['action', 'allowed', 'facts', 'answer'])
    .orderBy('ledger_index')
    .execute();
  expect(stored.map(({ action, allowed }) => [action, allowed])).toEqual([
    ['schedule', false],
    ['schedule', true],
    ['ask', true],
    ['ask', true],
  ]);
  expect(stored.map(({ facts }) => replayed(facts))).toEqual(stored.map(({ answer }) => answer));
});

/** What `interlock decide` says to stored facts, as the server stores an answer. */
function replayed(text: string): string {
  const read = readFacts({ file: 'stored.json', text });
  if (!read.ok) throw new Error(read.problems.map(formatProblem).join('\n'));
  const [facts] = read.documents;
  if (facts === undefined) throw new Error('expected facts, got none');
  return canonicalJson(answerOf({ ok: true, ...world.server.context.policy }, facts));
}
