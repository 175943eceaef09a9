import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decisionDocumentSchema } from '../../src/contract/decision.ts';
import { register } from '../../src/cli/decide.ts';
import { factsDocument } from '../kit/policy.ts';
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

const decide = (argv: readonly string[], stdin = '') => runCommand(register, ['decide', ...argv], stdin);

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

  test('reads nothing out of bytes that are no text', async () => {
    const path = join(folder, 'latin1.yaml');
    await writeFile(
      path,
      Buffer.from('# \u00e9\nactor: b\u00e9n\nat: 2026-11-17T15:10:00Z\naction: ask\n', 'latin1'),
    );
    expect(await decide([path, '--json'])).toEqual({
      status: 3,
      stdout: '',
      stderr: `${path}:1:3: expected text in UTF-8, got other bytes\n`,
    });
    await writeFile(
      path,
      Buffer.concat([Buffer.from('# \u00e9\nactor: b'), Buffer.of(0xff), Buffer.from('n\n')]),
    );
    expect((await decide([path])).stderr).toBe(`${path}:2:9: expected text in UTF-8, got other bytes\n`);
    const command = spawnSync(process.execPath, ['bin/interlock.js', 'decide', '-'], {
      input: Buffer.of(0xff, 0x0a),
    });
    expect(command.status).toBe(3);
    expect(command.stderr.toString()).toBe(
      'interlock: expected text in UTF-8 on standard input, got other bytes\n',
    );
  });

  test('is no answer where its output cannot be written', async () => {
    const full = openSync('/dev/full', 'w');
    const path = await file('unsaid.json', factsDocument('c1-start'));
    const command = spawnSync(process.execPath, ['bin/interlock.js', 'decide', '--json', path], {
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    expect({ status: command.status, stderr: command.stderr.toString() }).toEqual({
      status: 1,
      stderr: 'interlock: expected output that can be written, got `ENOSPC`\n',
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
      '/nowhere/facts.yaml:1:1: expected a file that can be read, got none',
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
