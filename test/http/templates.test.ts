import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFile } from 'node:fs/promises';
import { expectStatus, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { typed } from '../kit/command-line.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

const ask = (method: string, path: string, body?: unknown) =>
  world.server.ask(method, `/api/v1/templates${path}`, {
    token: world.ana.token,
    ...(body !== undefined && { body }),
  });
const shipped = (name: string) => readFile(`procedures/templates/${name}.yaml`, 'utf8');
const interlock = (...argv: string[]) =>
  typed(argv, { environment: { INTERLOCK_URL: world.server.url, INTERLOCK_TOKEN: world.ana.token } });

it('is listed with the topics of its criticality and what its author has to write', async () => {
  const { templates } = expectStatus(await ask('GET', ''), 200).body;
  expect(templates.map(({ name, criticality }: Record<string, string>) => [name, criticality])).toEqual([
    ['c1', 'C1'],
    ['c2', 'C2'],
    ['c3', 'C3'],
    ['c4', 'C4'],
  ]);
  const { body: c3 } = expectStatus(await ask('GET', '/c3'), 200);
  expect(c3).toEqual(templates[2]);
  expect(c3).toMatchObject({ plan: await shipped('c3') });
  expect(c3.topics).toContain('iac-increase');
  const lines = c3.plan.split('\n');
  for (const { line } of c3.placeholders) expect(lines[line - 1]).toMatch(/<[a-z]|fill-me|FILL_ME/);
  expect(c3.placeholders.length).toBeGreaterThan(10);
  expectStatus(await ask('GET', '/c5'), 400);
});

it('opens as a draft of whoever calls, with a title of any text; a gap keeps it from being submitted', async () => {
  const title = 'Move "docs": $& <name> of it';
  const { body: made } = expectStatus(await ask('POST', '/c3/draft', { title }), 201);
  expect(made).toMatchObject({ state: 'draft', title, author: world.ana.name, criticality: 'C3' });
  const submitted = await world.server.ask('POST', `/api/v1/changes/${made.id}/submit`, {
    token: world.ana.token,
  });
  expect(submitted.body).toMatchObject({ code: 'invalid' });
  expect(submitted.body.problems.join('\n')).toContain('placeholder');
});

it('is opened from the command line, which says how to go on', async () => {
  const { status, stdout } = await interlock('change', 'open', '--template', 'c4', '--title', 'Sign-up off');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^(CHG-\d+) drafted from the template of C4: Sign-up off\n/);
  expect(stdout).toMatch(/interlock change show (CHG-\d+) --plan > c4\.yaml\n[^]*change submit \1/);
  for (const argv of [[], ['plan.yaml', '--template', 'c4'], ['plan.yaml', '--title', 'x']])
    expect(await interlock('change', 'open', ...argv)).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('expected a plan file, or `--template`') as string,
    });
});
