import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decisionDocumentSchema } from '../../src/contract/decision.ts';
import { register as registerDecide } from '../../src/cli/decide.ts';
import { register as registerNext } from '../../src/cli/next.ts';
import { register as registerPolicy } from '../../src/cli/policy.ts';
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

const decide = (argv: readonly string[], stdin = '') =>
  runCommand(registerDecide, ['decide', ...argv], stdin);
const policy = (...argv: readonly string[]) => runCommand(registerPolicy, ['policy', ...argv]);

describe('interlock decide', () => {
  test('ends with 0 where all is allowed, and explains every rule', async () => {
    const ran = await decide([await file('allowed.json', factsDocument('c1-start'))]);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain('start CHG-1 in illumidesk.com at 2026-11-17T22:10:00Z: allowed');
    expect(ran.stdout).toMatch(
      /✓ pass +review-quorum +3 reviewers wanted for S2 maintenance, 3 counted: rhea, rolf and ruth\./,
    );
    expect(ran.stderr).toBe('');
  });

  test('ends with 2 where anything is refused, refusals first, with the next opening', async () => {
    const refused = factsDocument('ask', { change: { criticality: 'C2' } });
    const ran = await decide(
      ['-'],
      `${JSON.stringify(factsDocument('c4-start'))}\n${JSON.stringify(refused)}`,
    );
    expect(ran.status).toBe(2);
    const [, second = ''] = ran.stdout.split('\n\n');
    expect(second).toMatch(/refused by 1 rule\n {2}✗ deny +allowed-hours/);
    expect(second).toContain('Next opening, as far as time goes: 2026-11-17T22:00:00Z');
  });

  test('prints one line of JSON for each document, the same bytes each time', async () => {
    const path = await file(
      'two.yaml',
      'at: 2026-11-17T15:10:00Z\naction: ask\n---\nat: 2026-11-17T15:10:00Z\naction: complete\n',
    );
    const [first, again] = [await decide(['--json', path]), await decide(['--json', path])];
    expect(again.stdout).toBe(first.stdout);
    const lines = first.stdout
      .trimEnd()
      .split('\n')
      .map((line) => decisionDocumentSchema.parse(JSON.parse(line)));
    expect(lines).toHaveLength(2);
    expect(Object.keys(JSON.parse(first.stdout.split('\n')[0] ?? ''))).toEqual([
      'allowed',
      'verdicts',
      'nextOpening',
      'policy',
      'facts',
    ]);
    expect(lines[0]?.facts).not.toBe(lines[1]?.facts);
    expect(lines[0]?.policy).toBe(lines[1]?.policy);
  });

  test('gives facts the digest of their meaning, whatever they are written in', async () => {
    const yaml = await file('digest.yaml', 'action: ask # in another order\nat: "2026-11-17T15:10:00Z"\n');
    const json = await file('digest.json', '{"at": "2026-11-17T15:10:00Z",\n "action": "ask"}');
    const [a, b] = [await decide(['--json', yaml]), await decide(['--json', json])];
    expect(a.stdout).toBe(b.stdout);
    // SHA-256 of {"action":"ask","at":"2026-11-17T15:10:00Z"}
    expect(JSON.parse(a.stdout)).toMatchObject({
      facts: 'sha256:fafc8ef1ef04550352c9e7a7e9225c540a5d9880a3a27a53cead7ffd04732198',
    });
  });

  test('judges nothing as long as one document is wrong', async () => {
    const [right, wrong] = [
      await file('right.json', factsDocument('c4-start')),
      await file('wrong.yaml', 'at: 2026-11-17T15:10:00Z\naction: aks\n'),
    ];
    const ran = await decide([right, wrong]);
    expect(ran).toMatchObject({ status: 3, stdout: '' });
    expect(ran.stderr).toBe(
      `${wrong}:2:9: expected one of \`ask\`, \`schedule\`, \`start\`, \`step\`, \`rollback\`, \`complete\`, got \`aks\`\n`,
    );
  });

  test.each([
    [
      'a file that is not there',
      ['/nowhere/facts.yaml'],
      '/nowhere/facts.yaml:1:1: expected a file that can be read, got `ENOENT`',
    ],
    [
      'a policy that is not there',
      ['--policy', '/nowhere/policy.yaml', '-'],
      '/nowhere/policy.yaml:1:1: expected a file',
    ],
    ['nothing on standard input', ['-'], '<stdin>:1:1: expected a document, got nothing'],
  ])('ends with 3 for %s', async (_, argv, message) => {
    const ran = await decide(argv);
    expect(ran.status).toBe(3);
    expect(ran.stderr).toContain(message);
    expect(ran.stderr).not.toContain('    at ');
  });

  test('asks another policy: two persons, no IMOC, no Thanos', async () => {
    const base = factsDocument('c3-start', {
      change: {
        environment: 'shop.example.com',
        services: ['shop'],
        topics: ['configuration'],
        author: 'ana',
        executor: 'ben',
        emoc: null,
        approvals: [
          {
            person: 'ben',
            as: 'reviewer',
            for: 'plan',
            via: 'app',
            digest: 'sha256:aa',
            at: '2026-11-17T10:00:00Z',
          },
        ],
        procedure: null,
      },
      host: { environment: 'shop.example.com' },
      people: { ana: ['reviewer'], ben: ['reviewer'] },
      rota: { imoc: null, cmoc: null },
      monitoring: { thanos: null },
    });
    const path = await file('shop.json', base);
    expect(await decide([path, '--policy', 'policies/small-team.yaml'])).toMatchObject({ status: 0 });
    expect(await decide([path])).toMatchObject({ status: 2 });
    const alone = await file('alone.json', { ...base, change: { ...base.change, approvals: [] } });
    const ran = await decide([alone, '--policy', 'policies/small-team.yaml']);
    expect(ran.stdout).toMatch(/✗ deny +first-iteration-review/);
  });
});

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
    expect(ran.stdout).toMatch(/\d+ cases, 1 answered otherwise\n$/);
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
    expect(await policy('test', join(folder, 'nowhere'))).toMatchObject({ status: 3 });
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
      'The plan is approved by 3 different persons as reviewer.',
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
      'For S3, maintenance, otherwise:\n  - review-quorum: The plan is approved by 1 person as reviewer.\n  + review-quorum: The plan is approved by 2 different persons as reviewer.',
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

describe('interlock next', () => {
  const next = (...argv: readonly string[]) =>
    runCommand(registerNext, ['next', '--from', '2026-11-21T10:20:30Z', ...argv]);

  test('lists openings to the first and the last start', async () => {
    const ran = await next('--criticality', 'C2', '--minutes', '90', '--days', '3', '--json');
    expect(JSON.parse(ran.stdout)).toEqual({
      environment: 'illumidesk.com',
      minutes: 90,
      openings: [
        { first: '2026-11-21T22:00:00Z', last: '2026-11-22T04:30:00Z' },
        { first: '2026-11-23T22:00:00Z', last: '2026-11-24T04:30:00Z' },
      ],
    });
  });

  test('draws them', async () => {
    const { stdout } = await next('--days', '2');
    expect(stdout).toMatch(/^Sun 2026-11-22 {2}█{11}·{7}▒{30}$/m);
    expect(stdout).toContain('Next opening: 2026-11-21T22:00:00Z, last start in it 2026-11-22T05:00:00Z.');
  });

  test('knows that a canary is free of soft locks, and refuses an environment that is none', async () => {
    const canary = await next(
      '--deployment',
      'canary',
      '--days',
      '2',
      '--json',
      '--from',
      '2026-11-22T12:00:00Z',
    );
    expect(JSON.parse(canary.stdout).openings[0]).toEqual({
      first: '2026-11-22T22:00:00Z',
      last: '2026-11-23T05:00:00Z',
    });
    expect(await next('--environment', 'staging.illumidesk.com')).toMatchObject({ status: 3 });
  });
});
