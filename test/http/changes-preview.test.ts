import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectStatus, sentPlan, slotIn, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import type { Edit } from '../plan/sound-plan.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

const ask = (method: string, path: string, body?: unknown, who = world.ana) =>
  world.server.ask(method, `/api/v1${path}`, { token: who.token, ...(body !== undefined && { body }) });
const preview = async (edit: Edit, more: object = {}, who = world.ana) =>
  expectStatus(await ask('POST', '/changes/preview', { ...sentPlan(edit), ...more }, who), 200).body;

it('says what a plan counts as and needs, and judges it in the soonest opening', async () => {
  const before = [await world.rows('changes'), await world.rows('ledger_entries')];
  const { plan, problems } = await preview({ set: { topics: ['database-topology'], criticality: 'C2' } });
  expect(problems).toEqual([]);
  expect(plan.floor).toEqual({ criticality: 'C1', madeBy: ['database-topology'], unlisted: [] });
  expect(plan.targets).toBe(2);
  expect(Date.parse(plan.slot.start)).toBe(Date.parse(plan.report.openings[0].first));
  const refusing = plan.decision.verdicts.filter(({ verdict }: { verdict: string }) => verdict === 'deny');
  expect(refusing).toContainEqual(expect.objectContaining({ rule: 'criticality-floor' }));
  expect(plan.asks).toContainEqual(expect.objectContaining({ rule: 'first-iteration-review' }));
  expect(plan.needs).toContainEqual(expect.objectContaining({ rule: 'first-iteration-review', met: false }));
  expect(await world.rows('changes')).toBe(before[0]);
  expect(await world.rows('ledger_entries')).toBe(before[1]);
});

it('judges the slot that is chosen, and names who is there already', async () => {
  const other = await world.open();
  const slot = slotIn(3 * 86_400_000);
  await other.say(world.ana, '/schedule', { slot, tentative: true });
  const { plan } = await preview({}, { slot });
  expect(plan.slot).toEqual(slot);
  expect(plan.report.conflicts).toMatchObject([{ change: other.id }]);
});

it('says where a text is no plan, and what the linter finds in one that is', async () => {
  const bad = { ...sentPlan(), plan: 'interlock: plan/1\ntitle: [' };
  const { body } = expectStatus(await ask('POST', '/changes/preview', bad), 200);
  expect(body).toMatchObject({ plan: null, problems: [{ line: 2, column: expect.any(Number) as number }] });
  const { findings } = await preview({ set: { objective: '<what will be true>' } });
  expect(findings).toContainEqual(expect.objectContaining({ rule: 'placeholder', level: 'error' }));
  const slot = { start: '2020-03-04T22:00:00Z', end: '2020-03-04T23:30:00Z' };
  const past = await preview({ set: { slot } });
  expect(past.findings).toContainEqual(expect.objectContaining({ rule: 'slot-in-the-past' }));
});

it('says which words an edit would void and which it would keep, as the edit then does', async () => {
  const change = await world.open();
  await change.approve(world.rhea, 'reviewer');
  await change.approve(world.mona, 'management');
  const edit: Edit = { set: { 'steps.0.estimate': '2 min', 'postchecks.0.name': 'all is well' } };
  const { plan } = await preview(edit, { edits: change.id });
  const words = plan.edit.words.map(({ person, stands }: { person: string; stands: boolean }) => [
    person,
    stands,
  ]);
  expect(words).toEqual([
    ['rhea', false],
    ['mona', true],
  ]);
  expect(plan.edit).toMatchObject({ version: change.version, refused: null });
  expectStatus(await change.edit(world.ana, edit), 200);
  const { approvals } = await change.show(world.ana);
  expect(
    approvals.map(({ person, current }: { person: string; current: boolean }) => [person, current]),
  ).toEqual(words);
  const stranger = await preview(edit, { edits: change.id }, world.rolf);
  expect(stranger.plan.edit.refused).toContain('its author');
});

it('lists the procedures that ship, each with a plan that names it and its scripts', async () => {
  const { procedures } = expectStatus(await ask('GET', '/procedure-plans'), 200).body;
  expect(procedures).toContainEqual({
    name: 'dns-record',
    says: expect.stringContaining('Move a name') as string,
    criticality: 'C3',
    change: null,
  });
  const { body } = expectStatus(await ask('GET', '/procedure-plans/dns-record'), 200);
  expect(body.plan).toContain('\nprocedure: dns-record\n');
  expect(Object.keys(body.scripts)).toEqual(['scripts/set-dns-record.sh']);
  const { plan, scripts, file } = body;
  const sent = expectStatus(await ask('POST', '/changes/preview', { plan, scripts, file }), 200).body;
  expect(sent.plan).not.toBeNull();
  expectStatus(await ask('GET', '/procedure-plans/no-such'), 404);
});

it('names what a plan may name', async () => {
  await world.open();
  const { body } = expectStatus(await ask('GET', '/plan-words'), 200);
  expect(body.environments).toContain('illumidesk.com');
  expect(body.topics).toMatchObject({ 'database-topology': 'C1' });
  expect(body.targets).toContainEqual({ name: 'db-01', type: expect.any(String) as string });
  expect(body.people).toContain('rhea');
  expect(body.procedures).toContain('dns-record');
});

it('is opened from an older change, which it names, and from none that there is not', async () => {
  const older = await world.open();
  const sent = { ...sentPlan(), clonedFrom: older.id };
  expect(expectStatus(await ask('POST', '/changes', sent), 201).body.clonedFrom).toBe(older.id);
  expectStatus(await ask('POST', '/changes', { ...sent, clonedFrom: 'CHG-999' }), 409);
});
