import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { planFile } from '../../src/contract/plan.ts';
import { readPolicy } from '../../src/documents/policy.ts';
import { lintPlan } from '../../src/plan/lint.ts';
import { CRITICALITIES } from '../../src/kernel/policy/facts.ts';
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
  primary: 'shop-db-01',
  candidate: 'shop-db-02',
  cluster: 'shop',
  'load balancer': 'lb-01',
  'new server': 'shop-web-04',
  'back end': 'shop-web',
  'name server': 'ns1.illumidesk.com',
  name: 'docs.illumidesk.com',
  'old address': '192.0.2.10',
  'new address': '192.0.2.20',
  'console host': 'console-01',
  key: 'signup_enabled',
  'old value': 'on',
  'new value': 'off',
  'what is changed in one line': 'Do what was agreed for the shop',
  'what will be true afterwards': 'The shop serves as before, in its new place.',
  'why it has to be done': 'The old host is switched off next week.',
  'what users and services will notice': 'Connections are closed once for up to two minutes.',
  'where it was tested and how that went': 'On staging with the same command on 20 February; no error.',
  'what must be true for this to work': 'Everything is as this plan found it.',
};

const fill = (text: string) =>
  text
    .replace(/^slot: null.*$/m, 'slot: { start: 2030-03-04T22:00:00Z, end: 2030-03-04T23:30:00Z }')
    .replace(/<what ([a-z -]+) (?:are|is) told at the (start|end)>/g, 'Dear $1, this is the $2 of it.')
    .replace(/<([a-z][a-z ]+)>/g, (placeholder, name: string) => FILLED[name] ?? placeholder)
    .replaceAll('[fill-me]', '[ben]')
    .replaceAll('executor: fill-me', 'executor: ben')
    .replaceAll('fill-me', 'cora')
    .replaceAll('FILL_ME', 'shop');

const templateOf = (criticality: string) => textOf(`procedures/templates/${criticality.toLowerCase()}.yaml`);

describe.each(CRITICALITIES)('the template of %s', (criticality) => {
  const text = templateOf(criticality);
  const asks = text.replaceAll(/^ *#.*$/gm, '');

  test('is of that criticality, by a topic that asks for no other', () => {
    const { plan } = lint(text);
    expect(plan.criticality).toBe(criticality);
    expect(plan.topics.map((topic) => policy.topics.get(topic))).toEqual([criticality]);
    expect(plan.downtime > 0).toBe(criticality === 'C1');
  });

  test('does something of its own', () => {
    const others = CRITICALITIES.filter((other) => other !== criticality).map(
      (other) => lint(templateOf(other)).plan,
    );
    const { plan } = lint(text);
    for (const other of others)
      expect(other.steps.map(({ name }) => name)).not.toEqual(plan.steps.map(({ name }) => name));
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
