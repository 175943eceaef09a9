import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectStatus, sentPlan, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { typed } from '../kit/command-line.ts';

let world: ChangeWorld;
let folder: string;
beforeAll(async () => {
  world = await startChangeWorld();
  folder = mkdtempSync(path.join(tmpdir(), 'interlock-issues-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world.server.stop();
});

const sample = path.resolve(import.meta.dirname, '../fixtures/issues/single-2021.md');
const post = (body: unknown) => world.server.ask('POST', '/api/v1/imports', { token: world.ana.token, body });
const plan = (...argv: string[]) => typed(['plan', ...argv], { cwd: folder });

it('makes a draft of a change issue; what nobody said keeps it from being submitted', async () => {
  const issue = readFileSync(sample, 'utf8');
  const looked = expectStatus(await post({ issue, title: 'Move patroni-01' }), 201).body;
  expect(looked).toMatchObject({ from: 'template', change: null });
  const { body } = expectStatus(await post({ issue, title: 'Move patroni-01', open: true }), 201);
  expect(body.change).toMatchObject({ state: 'draft', title: 'Move patroni-01', author: world.ana.name });
  expect(body.unread).toContainEqual({
    line: 17,
    text: '2 minutes of errors for writes',
    because: 'expected minutes of downtime, or `none`; got prose',
  });
  const submitted = await world.server.ask('POST', `/api/v1/changes/${body.change.id}/submit`, {
    token: world.ana.token,
  });
  expect(submitted.body.problems.join('\n')).toContain('severity is not said');
  expect((await post({ issue: 'Nothing of a change.' })).status).toBe(400);
});

it('gives an exported plan back; what people wrote beside it is not overlooked', async () => {
  const { plan: text } = sentPlan();
  const issue = (await typed(['plan', 'export', '-'], { stdin: text })).stdout;
  const { body } = expectStatus(await post({ issue, open: true }), 201);
  expect(body).toMatchObject({ from: 'export', plan: text, fileEdited: false, unread: [] });
  expect(body.change.digest).toBe((await typed(['plan', 'digest', '-'], { stdin: text })).stdout.trim());
  const edited = issue.replace('### Steps', 'Restart the cache too.\n\n### Steps');
  const before = await world.rows('changes');
  const refused = await post({ issue: edited, open: true });
  expect(refused).toMatchObject({ body: { code: 'invalid' } });
  expect(refused.body.problems[0]).toMatch(/^line \d+: it was written here by hand/);
  expect(await world.rows('changes')).toBe(before);
});

it('does the same from the command line, and overwrites nothing', async () => {
  const made = await plan('import', sample, '--out', 'plan.yaml');
  expect(made).toMatchObject({ status: 0, stdout: '' });
  expect(made.stderr).toContain('single-2021.md:17: 2 minutes of errors for writes\n');
  expect((await plan('lint', 'plan.yaml')).status).toBe(1);
  expect((await plan('export', 'plan.yaml', '--out', 'issue.md')).status).toBe(0);
  expect((await plan('import', 'issue.md', '--out', 'plan.yaml')).status).toBe(0);
  const other = await plan('import', sample, '--title', 'Another', '--out', 'plan.yaml');
  expect(other.status).toBe(3);
  expect(other.stderr).toContain('expected a file that is not there yet');
  const issue = `${readFileSync(path.join(folder, 'issue.md'), 'utf8')}Ask rolf first.\n`;
  const edited = await typed(['plan', 'import', '-'], { stdin: issue });
  expect(edited).toMatchObject({ status: 1, stdout: '' });
  expect(edited.stderr).toContain('Ask rolf first.');
  expect((await typed(['plan', 'import', '-'], { stdin: 'Nothing.' })).status).toBe(3);
});
