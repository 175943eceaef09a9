import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { planFile } from '../../src/contract/plan.ts';
import { readPolicy } from '../../src/documents/policy.ts';
import { lintPlan } from '../../src/plan/lint.ts';
import { readPlan } from '../../src/plan/read.ts';
import { sha256 } from './sound-plan.ts';

const textOf = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

const read = readPolicy({ file: 'illumidesk.yaml', text: textOf('policies/illumidesk.yaml') }, sha256);
if (!read.ok) throw new Error(JSON.stringify(read.problems));
const { policy } = read;

const NOW = Date.UTC(2030, 2, 1);

function lint(text: string) {
  const plan = readPlan({ file: 'plan.yaml', text });
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems));
  return {
    ...plan,
    findings: lintPlan({ file: 'plan.yaml', ...plan, scripts: new Map(), policy, now: NOW }),
  };
}

/** What a person writes for each placeholder. */
const FILLED: Readonly<Record<string, string>> = {
  service: 'shop',
  host: 'shop-db-01',
  'old value': '4MB',
  'new value': '8MB',
  'what is changed in one line': 'Raise work_mem of the database of the shop to 8MB',
  'what will be true afterwards': 'work_mem of shop-db-01 is 8MB.',
  'why it has to be done': 'Sorts of the nightly report spill to disk.',
  'what users and services will notice': 'Connections are closed once for up to five minutes.',
  'where it was tested and how that went': 'On staging with the same command on 20 February; no error.',
  'what must be true for this to work': 'work_mem is 4MB now.',
};

const fill = (text: string) =>
  text
    .replace(/^slot: null.*$/m, 'slot: { start: 2030-03-04T22:00:00Z, end: 2030-03-04T23:00:00Z }')
    .replace(/<what ([a-z -]+) (?:are|is) told at the (start|end)>/g, 'Dear $1, this is the $2 of it.')
    .replace(/<([a-z][a-z ]+)>/g, (placeholder, name: string) => FILLED[name] ?? placeholder)
    .replaceAll('[fill-me]', '[ben]')
    .replaceAll('executor: fill-me', 'executor: ben')
    .replaceAll('fill-me', 'cora')
    .replaceAll('FILL_ME', 'shop');

describe.each(['C1', 'C2', 'C3', 'C4'])('the template of %s', (criticality) => {
  const text = textOf(`procedures/templates/${criticality.toLowerCase()}.yaml`);
  const asks = text.replaceAll(/^ *#.*$/gm, '');

  test('is of that criticality', () => {
    expect(lint(text).plan.criticality).toBe(criticality);
  });

  test('lints to its placeholders, the date it waits for, and nothing else', () => {
    const { findings } = lint(text);
    const others = findings.filter(({ rule }) => rule !== 'placeholder').map(({ rule }) => rule);
    expect(others).toEqual(criticality === 'C4' ? [] : ['no-date']);
    const marked = asks
      .split('\n')
      .flatMap((line, i) => (/<[a-z]|fill-me|FILL_ME/.test(line) ? [i + 1] : []));
    const found = findings.filter(({ rule }) => rule === 'placeholder').map(({ line }) => line);
    expect([...new Set(found)]).toEqual(marked);
  });

  test('lints clean once it is filled in', () => {
    expect(lint(fill(text)).findings).toEqual([]);
  });

  test('shows every field of a plan', () => {
    for (const field of Object.keys(planFile.shape)) expect(text).toMatch(new RegExp(`^(# )?${field}:`, 'm'));
  });
});
