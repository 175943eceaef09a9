import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { register } from '../../src/cli/policy.ts';
import { factsDocument, illumideskText } from '../kit/policy.ts';
import { runCommand } from '../kit/terminal.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interlock-policy-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const policy = (...argv: readonly string[]) => runCommand(register, ['policy', ...argv]);

describe('interlock policy', () => {
  test('test runs the cases, and shows in what an answer differs', async () => {
    expect(await policy('test', 'policies/cases')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+ cases, every answer as demanded\n$/),
    });
    const other = await file('longer.yaml', illumideskText.replace('dryRunAge: 7 d', 'dryRunAge: 9 d'));
    const ran = await policy('test', 'policies/cases', '--policy', other);
    expect(ran.status).toBe(1);
    expect(ran.stdout).toMatch(
      /plans\.yaml:\d+: the dry run is eight days old\n {4}allowed: expected false, got true\n {4}dry-run-attached: expected deny or unknown, got pass/,
    );
    // That one, and the one at the very limit.
    expect(ran.stdout).toMatch(/\d+ cases, 2 answered otherwise\n$/);
  });

  test('test says where a case is wrong', async () => {
    const cases = await mkdtemp(join(folder, 'cases-'));
    await writeFile(join(cases, 'bases.yaml'), 'b: { at: 2026-11-17T15:10:00Z, action: ask }\n');
    await writeFile(
      join(cases, 'c.yaml'),
      '- name: one\n  base: b\n  patch: { change: { severity: S9 } }\n  allowed: true\n- name: two\n  base: c\n  allowed: true\n- name: three\n  base: b\n  allowed: true\n  denies: [allowed-hour]\n',
    );
    const shape = await policy('test', cases);
    expect(shape).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('c.yaml:11:12: expected a known name, got `allowed-hour`'),
    });
    await writeFile(
      join(cases, 'c.yaml'),
      '- name: one\n  base: b\n  patch: { change: { severity: S9 } }\n  allowed: true\n- name: two\n  base: c\n  allowed: true\n',
    );
    const meaning = await policy('test', cases);
    expect(meaning.stderr).toMatch(
      /c\.yaml:3:32: expected one of `S1`.*got `S9` \(in `change\.severity` of the case's facts\)\n.*c\.yaml:6:9: expected a base of `bases\.yaml`, got `c`/,
    );
    expect(await policy('test', join(folder, 'nowhere'))).toMatchObject({
      status: 3,
      stderr: `${join(folder, 'nowhere')}:1:1: expected a folder that can be read, got none\n`,
    });
  });

  test('test is no success where there is no case', async () => {
    const cases = await mkdtemp(join(folder, 'none-'));
    await writeFile(join(cases, 'bases.yaml'), 'b: { at: 2026-11-17T15:10:00Z, action: ask }\n');
    const none = { status: 3, stdout: '', stderr: expect.stringContaining('expected at least one case') };
    expect(await policy('test', cases)).toEqual(none);
    await writeFile(join(cases, 'c.yaml'), '[]\n');
    expect(await policy('test', cases)).toEqual(none);
  });

  test('lint accepts what can be used and locates what cannot', async () => {
    expect(await policy('lint', 'policies/illumidesk.yaml', 'policies/small-team.yaml')).toMatchObject({
      status: 0,
    });
    const wrong = await file(
      'wrong-policy.yaml',
      illumideskText.replace('S1: { reviewers: 3', 'S1: { reviewers: none'),
    );
    const ran = await policy('lint', wrong);
    expect(ran.status).toBe(3);
    expect(ran.stderr).toMatch(/wrong-policy\.yaml:\d+:20: expected a number, got `none`/);
  });

  test('explain gives the ceremony as text, Markdown and JSON', async () => {
    const text = await policy('explain', '--criticality', 'C4', '--severity', 'S4');
    expect(text.stdout).toContain('C4 S4 service change');
    expect(text.stdout).not.toContain('announced');
    expect(text.stdout).toContain('It runs at any time, its rollback included.');
    expect(text.stdout).toContain('No hard lock overlaps it, unless it is exempted from that lock.');
    const release = await policy('explain', '--criticality', 'C2', '--deployment', 'production');
    expect(release.stdout).toContain('exempted from that lock, or it is the monthly release on its day.');
    const markdown = await policy('explain', '--format', 'markdown');
    expect(markdown.stdout.match(/^## C\d/gm)).toHaveLength(4);
    expect(markdown.stdout).toContain('- [ ] Its start is announced in the production channel. `announced`');
    const json = JSON.parse(
      (
        await policy(
          'explain',
          '--criticality',
          'C1',
          '--severity',
          'S1',
          '--kind',
          'maintenance',
          '--format',
          'json',
        )
      ).stdout,
    ) as { requirements: { rule: string; what: string }[] }[];
    expect(json[0]?.requirements.find(({ rule }) => rule === 'review-quorum')?.what).toBe(
      'The plan is approved by 3 different persons, each of them a reviewer.',
    );
  });

  test('diff says what changes for whom', async () => {
    expect((await policy('diff', 'policies/illumidesk.yaml', 'policies/illumidesk.yaml')).stdout).toBe(
      'Nothing changes for anybody.\n',
    );
    const other = await file(
      'other.yaml',
      illumideskText
        .replace('S3: { reviewers: 1', 'S3: { reviewers: 2')
        .replace('dns-cdn-config: C3', 'dns-cdn-config: C2')
        .replace('BYMONTHDAY=22', 'BYMONTHDAY=23'),
    );
    const { stdout } = await policy('diff', 'policies/illumidesk.yaml', other);
    expect(stdout).toContain(
      'For S3, maintenance, otherwise:\n  - review-quorum: The plan is approved by a reviewer.\n  + review-quorum: The plan is approved by 2 different persons, each of them a reviewer.',
    );
    expect(stdout).toContain('For topic dns-cdn-config, otherwise:\n  - at least C3\n  + at least C2');
    expect(stdout).toContain('For lock release-day in illumidesk.com, otherwise:');
  });

  test('replay finds the decisions that would have been other', async () => {
    const facts = await file(
      'stored.json',
      `${JSON.stringify(factsDocument('c4-start', { change: { dryRun: { at: '2026-11-09T10:00:00Z' } } }))}\n${JSON.stringify(factsDocument('c3-start'))}`,
    );
    const other = await file('lenient.yaml', illumideskText.replace('dryRunAge: 7 d', 'dryRunAge: 9 d'));
    const ran = await policy('replay', facts, '--policy', other);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain(
      'start CHG-4 at 2026-11-17T11:00:00Z: refused, would be allowed\n    dry-run-attached: deny, would be pass',
    );
    expect(ran.stdout).toMatch(/2 decisions replayed, 1 would have been other\n$/);
  });
});
