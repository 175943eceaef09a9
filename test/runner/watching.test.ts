import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bastionOf, type Bastion } from '../kit/runner.ts';
import { CHECK, startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';

let world: RunWorld;
let bastion: Bastion;
beforeAll(async () => {
  world = await startRunWorld({
    rulesOff: ['plan-complete'],
    timing: { heartbeatMs: 100, killGraceMs: 1_000 },
  });
  bastion = bastionOf(world);
});
afterAll(async () => {
  await bastion.clear();
  await world.server.stop();
});

it('`interlock watch` stays until each delayed check was measured in its time, and fails where one does', async () => {
  const there = path.join(bastion.state, 'there');
  const is = { command: { argv: ['/usr/bin/test', '-e', there], measure: 'status' } };
  const change = await world.open({
    watch: [],
    steps: [stepOf('first')],
    watching: {
      for: '1 min',
      checks: [CHECK('it is there', { ...is, after: '2 s' }), CHECK('at once', { after: '0 s' })],
    },
  });
  expect(await bastion.run(change).ended).toBe(0);
  writeFileSync(there, '');
  const watching = bastion.interlock(['watch', change]);
  expect(await watching.ended, watching.text()).toBe(0);
  const order = ['✓ watching · at once', '✓ watching · it is there', 'pass at once', 'pass it is there'];
  const places = order.map((text) => watching.text().indexOf(text));
  expect(places, watching.text()).toEqual(places.toSorted((a, b) => a - b));
  expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
});

it('`--once` measures what is due, says what failed, and leaves the rest', async () => {
  const change = await world.open({
    watch: [],
    steps: [stepOf('first')],
    watching: {
      for: '1 h',
      checks: [
        CHECK('never well', { command: { argv: ['/bin/false'], measure: 'status' }, after: '0 s' }),
        CHECK('later', { after: '1 h' }),
      ],
    },
  });
  expect(await bastion.run(change).ended).toBe(0);
  const watching = bastion.interlock(['watch', change, '--once']);
  expect(await watching.ended, watching.text()).toBe(1);
  expect(watching.text()).toContain('fail never well:');
  expect(watching.text()).toContain('open later: due ');
  const shown = bastion.interlock(['change', 'show', change]);
  expect(await shown.ended, shown.text()).toBe(0);
  expect(shown.text()).toMatch(/\nWatched:\n {2}fail never well: .+\n {2}open later: due /);
});
