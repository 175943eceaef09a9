import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { type Finding, lintPlan } from '../../src/plan/lint.ts';
import { readPlan, type ReadPlan } from '../../src/plan/read.ts';
import type { LintPolicy } from '../../src/plan/rule.ts';
import { scriptsOfTexts } from '../../src/plan/scripts.ts';
import { type RuleId, RULES } from '../../src/kernel/policy/rule.ts';

/** One change to the sound plan: values by dotted path (`steps.0.command`), `undefined` in YAML being `remove`. */
export interface Edit {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
}

export const NOW = Date.parse('2026-11-10T12:00:00Z');

export const SCRIPT = '#!/bin/sh\nset -eu\npg-set --host "$1" work_mem "$3" "${4:-}"\n';

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

const hexOf = (text: string) => createHash('sha256').update(text).digest('hex');

const soundText = readFileSync(new URL('../fixtures/plans/sound.yaml', import.meta.url), 'utf8').replace(
  '0'.repeat(64),
  hexOf(SCRIPT),
);

const pathOf = (dotted: string) => dotted.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));

/** The text of the sound plan with an edit. */
export function planText({ set = {}, remove = [] }: Edit = {}): string {
  const document = parseDocument(soundText);
  for (const [dotted, value] of Object.entries(set)) document.setIn(pathOf(dotted), value);
  for (const dotted of remove) document.deleteIn(pathOf(dotted));
  return document.toString({ lineWidth: 0 });
}

/** The plan that a text holds; a plan that cannot be read fails the test with its problems. */
export function planOf(text: string): Extract<ReadPlan, { ok: true }> {
  const read = readPlan({ file: 'plan.yaml', text });
  if (!read.ok) throw new Error(JSON.stringify(read.problems, null, 2));
  return read;
}

const exceptionable = new Set<RuleId>(['criticality-floor', 'checks-quantified', 'no-globs', 'in-slot']);

export const POLICY: LintPolicy = {
  topics: new Map([
    ['database-topology', 'C1'],
    ['tooling-minor', 'C2'],
    ['console-script', 'C4'],
  ]),
  downtime: 'C1',
  environments: new Map([
    ['illumidesk.com', { operational: true, monitoring: [] }],
    ['staging.illumidesk.com', { operational: false, monitoring: [] }],
  ]),
  rules: Object.fromEntries(RULES.map((rule) => [rule, { exception: exceptionable.has(rule) }])) as Record<
    RuleId,
    { exception: boolean }
  >,
};

/** What the linter finds in a text. A script given here replaces the sound one, digest and all. */
export function findingsOf(text: string, script: string | null = SCRIPT): readonly Finding[] {
  const { plan, placeOf, rollouts } = planOf(text);
  const scripts = scriptsOfTexts(script === null ? {} : { 'set-work-mem.sh': script }, sha256);
  return lintPlan({ file: 'plan.yaml', plan, placeOf, rollouts, scripts, policy: POLICY, now: NOW });
}

/** An edit that makes the plan's digest that of another script. */
export const withScript = (script: string, edit: Edit = {}): Edit => ({
  ...edit,
  set: { 'steps.2.script.sha256': hexOf(script), ...edit.set },
});
