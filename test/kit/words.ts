import { expectStatus, slotIn, startChangeWorld, type ChangeWorld, type OpenedChange } from './changes.ts';

/** A world in which every word can be given: there is a lock to be exempted from, and no-globs may be excepted. */
export interface WordWorld extends ChangeWorld {
  /** Id of a lock that holds nothing that a test touches. */
  readonly lock: string;
}

export async function startWordWorld(): Promise<WordWorld> {
  const exception = 'in-slot: { exception: true }';
  const world = await startChangeWorld((text) =>
    text.replace(exception, `${exception}\n  no-globs: { exception: true }`),
  );
  const environments = [...world.server.context.policy.policy.environments.keys()].slice(-1);
  const body = {
    kind: 'soft',
    environments,
    category: 'other',
    reason: 'to be exempted from',
    timeToLive: '1 h',
  };
  const made = await world.server.ask('POST', '/api/v1/locks/emergency', { token: world.cora.token, body });
  return { ...world, lock: expectStatus(made, 201).body.id };
}

/**
 * The words of a change, by a letter: R reviewer, M management, E the EOC of the slot, for the plan; S the EOC for the start;
 * L the VPE for a lock; I an exception to in-slot, X one to no-globs.
 */
export const ALL_WORDS = 'RMESLIX';

interface Words {
  readonly approvals: readonly { readonly current: boolean; readonly as: string; readonly for: string }[];
  readonly exceptions: readonly { readonly current: boolean; readonly rule: string }[];
}

const EXCEPTIONS: Readonly<Record<string, string>> = { 'in-slot': 'I', 'no-globs': 'X' };

/** The letters of the words that count, in the order in which they were given. */
export function counting({ approvals, exceptions }: Words): string {
  const letters = 'RMESL';
  return [
    ...approvals.flatMap(({ current }, index) => (current ? [letters[index]] : [])),
    ...exceptions.flatMap(({ current, rule }) => (current ? [EXCEPTIONS[rule] ?? ''] : [])),
  ].join('');
}

/** A change whose slot was accepted, with all the words. */
export async function acceptedChange(world: WordWorld): Promise<OpenedChange> {
  const change = await world.open();
  const slot = slotIn(600_000);
  expectStatus(await change.say(world.ana, '/schedule', { slot, tentative: true }), 200);
  expectStatus(await change.approve(world.rhea, 'reviewer'), 201);
  expectStatus(await change.approve(world.mona, 'management'), 201);
  expectStatus(await change.approve(world.cora, 'eoc'), 201);
  expectStatus(await change.approve(world.cora, 'eoc', { for: 'start' }), 201);
  expectStatus(
    await change.approve(world.vera, 'vpe', { for: `lock:${world.lock}`, reason: 'It has to.' }),
    201,
  );
  for (const rule of ['in-slot', 'no-globs']) {
    const asked = expectStatus(
      await change.say(world.ana, '/exceptions', { rule, reason: 'It has to.' }),
      201,
    );
    const word = { exception: asked.body.id, digest: change.digest };
    expectStatus(await change.say(world.rhea, '/exceptions/approve', word), 200);
  }
  expectStatus(await change.say(world.ana, '/schedule', { slot }), 200);
  return change;
}
