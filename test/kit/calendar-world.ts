import { confirmLock, expectStatus, slotIn, startChangeWorld, type ChangeWorld } from './changes.ts';

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** The day of the slots: tomorrow, at hours that lie within it whatever the time is now. */
export const tomorrow = Math.floor(Date.now() / DAY_MS + 1) * DAY_MS;
export const day = dayText(tomorrow);
export const dayAfter = dayText(tomorrow + DAY_MS);
/** How far ahead an hour of it is. */
export const aheadOf = (hour: number) => tomorrow + hour * HOUR_MS - Date.now();
const at = (hour: number) => new Date(tomorrow + hour * HOUR_MS).toISOString();

/**
 * A world in whose calendar something lies: two slots that are pencilled in (at nine and at twelve), a hard lock from six in the
 * evening, somebody on call for whom another stands in from two to six. `moved` is the change of the second slot. The hours of C1
 * are from eight to eight.
 */
export async function startCalendarWorld(webRoot: string): Promise<ChangeWorld & { readonly moved: string }> {
  const world = await startChangeWorld(
    // The hours of C1, the first in the file.
    (text) => text.replace("hours: ['00:00-24:00']", "hours: ['08:00-20:00']"),
    { webRoot },
  );
  const { admin } = world.server;
  const rota = (method: string, where: string, body: unknown) =>
    world.server.ask(method, `/api/v1/rota${where}`, { token: admin.token, body });
  expectStatus(await rota('PUT', '', { eoc: [{ person: 'cora', start: at(-24), end: at(48) }] }), 200);
  const override = { rota: 'eoc', person: 'rolf', start: at(2), end: at(6) };
  expectStatus(await rota('POST', '/overrides', override), 201);
  const first = await world.open();
  expectStatus(await first.say(world.ana, '/schedule', { slot: slotIn(aheadOf(9)), tentative: true }), 200);
  const second = await world.open({ set: { title: 'Move the mail to the new hosts' } });
  expectStatus(await second.say(world.ana, '/schedule', { slot: slotIn(aheadOf(12)), tentative: true }), 200);
  const lock = await world.server.ask('POST', '/api/v1/locks', {
    token: world.mona.token,
    body: {
      kind: 'hard',
      environments: ['illumidesk.com'],
      category: 'other',
      reason: 'stocktaking',
      start: at(18),
      end: at(21),
    },
  });
  expectStatus(await confirmLock(world.server, world.vera, lock.body.id), 200);
  return { ...world, moved: second.id };
}

function dayText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
