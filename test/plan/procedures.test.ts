import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPolicy } from '../../src/documents/policy.ts';
import { lintPlan } from '../../src/plan/lint.ts';
import { readPlan } from '../../src/plan/read.ts';
import { readScripts, scriptPathsOf } from '../../src/plan/scripts.ts';

const folder = new URL('../../procedures/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

const policyFile = new URL('../../policies/illumidesk.yaml', import.meta.url);
const read = readPolicy({ file: 'illumidesk.yaml', text: readFileSync(policyFile, 'utf8') }, sha256);
if (!read.ok) throw new Error(JSON.stringify(read.problems));
const { policy } = read;

const planOf = (file: string) => {
  const plan = readPlan({ file, text: readFileSync(new URL(file, folder), 'utf8') });
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems));
  return plan;
};

test('there are procedures', () => {
  expect(names.length).toBeGreaterThanOrEqual(3);
});

describe.each(names)('%s', (file) => {
  const { plan, placeOf } = planOf(file);

  test('lints clean, but for the date that a procedure cannot have', async () => {
    const scripts = await readScripts(plan, async (path) => readFileSync(new URL(path, folder)), sha256);
    const findings = lintPlan({ file, plan, placeOf, scripts, policy, now: Date.now() });
    expect(findings.filter(({ rule }) => rule !== 'no-date')).toEqual([]);
  });

  test('has a rollback, and a dry run for every script', () => {
    expect(plan.rollback.steps.length).toBeGreaterThan(0);
    const scripts = [...plan.steps, ...plan.rollback.steps].flatMap(({ script }) => (script ? [script] : []));
    for (const { dryRun } of scripts) expect(dryRun).toContain('--dry-run');
  });

  test('its scripts parse as the shell that runs them', () => {
    for (const path of scriptPathsOf(plan)) {
      expect(() => execFileSync('sh', ['-n', new URL(path, folder).pathname])).not.toThrow();
    }
  });
});

describe('the dry run of a step that comes later, such as a rollback,', () => {
  // What the scripts ask answers with the value of now, which is not the one that the step will find.
  let folderOfTools: string;
  beforeAll(() => {
    folderOfTools = mkdtempSync(join(tmpdir(), 'interlock-procedures-'));
    writeFileSync(join(folderOfTools, 'psql'), '#!/bin/sh\ncat >/dev/null\necho 4MB\n', { mode: 0o755 });
    writeFileSync(join(folderOfTools, 'dig'), '#!/bin/sh\necho name. 3600 IN A 192.0.2.10\n', {
      mode: 0o755,
    });
  });
  afterAll(() => rmSync(folderOfTools, { recursive: true }));

  const dryRun = (script: string, ...args: readonly string[]) =>
    spawnSync('sh', [new URL(`scripts/${script}`, folder).pathname, ...args, '--dry-run'], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${folderOfTools}:${process.env['PATH'] ?? ''}` },
    });

  test.each([
    ['set-postgres-setting.sh', ['db', 'work_mem', '8MB', '4MB'], 'would stop unless work_mem were 8MB'],
    [
      'set-dns-record.sh',
      ['ns', '53', 'zone', 'name', '60', '192.0.2.20', '60', '192.0.2.10'],
      'would stop unless it had: 60 192.0.2.20',
    ],
  ])('says where %s would stop, and succeeds', (script, args, says) => {
    const { status, stdout } = dryRun(script, ...args);
    expect(stdout).toContain(says);
    expect(status).toBe(0);
  });
});

test('every script belongs to a procedure', () => {
  const used = names.flatMap((name) => scriptPathsOf(planOf(name).plan));
  const there = readdirSync(new URL('scripts/', folder)).map((name) => `scripts/${name}`);
  expect(there.toSorted()).toEqual([...new Set(used)].toSorted());
});
