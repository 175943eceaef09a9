import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sha256 } from '../../src/cli/policy-source.ts';
import { baseFile } from '../../src/contract/case.ts';
import { parseFacts, type FactsDocument } from '../../src/contract/facts.ts';
import { mergePatch } from '../../src/documents/merge-patch.ts';
import { readPolicy, type PolicyRead } from '../../src/documents/policy.ts';
import { formatProblem, type Source } from '../../src/documents/problem.ts';
import { readDocument } from '../../src/documents/read.ts';
import { decide } from '../../src/kernel/policy/decide.ts';
import type { Facts } from '../../src/kernel/policy/facts.ts';
import type { Decision, RuleId, Verdict } from '../../src/kernel/policy/rule.ts';

const root = resolve(import.meta.dirname, '../..');
const ownCases = join(root, 'policies/cases');
const neighbouring = resolve(root, '../shared/cases');

/** The folder of case files: the neighbouring one of the specification if it is there, else the copy in the repository. */
export const caseFolder = existsSync(neighbouring) ? neighbouring : ownCases;
export const ownCaseFolder = ownCases;

/** All YAML files of a folder, ready to be read. */
export function sourcesOf(folder: string): Source[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({ file: join(folder, name), text: readFileSync(join(folder, name), 'utf8') }));
}

/** A policy of `policies/`, read. */
export function policyNamed(name: string): PolicyRead {
  return policyFrom(readFileSync(join(root, 'policies', `${name}.yaml`), 'utf8'));
}

/** A policy from its text; a test that gives a wrong one fails with what is wrong. */
export function policyFrom(text: string): PolicyRead {
  const read = readPolicy({ file: 'policy.yaml', text }, sha256);
  if (!read.ok) throw new Error(read.problems.map(formatProblem).join('\n'));
  return read;
}

export const illumidesk = policyNamed('illumidesk').policy;

/** The text of the shipped policy, for tests that change a word of it. */
export const illumideskText = readFileSync(join(root, 'policies/illumidesk.yaml'), 'utf8');

const bases = readDocument(baseFile, {
  file: 'bases.yaml',
  text: readFileSync(join(ownCases, 'bases.yaml'), 'utf8'),
});
if (!bases.ok) throw new Error(bases.problems.map(formatProblem).join('\n'));
const baseFacts = bases.value;

export const baseNames: readonly string[] = Object.keys(baseFacts);

/** Facts of `bases.yaml` by name, patched as cases patch them. */
export function factsDocument(base: string, patch: unknown = {}): FactsDocument {
  const found = baseFacts[base];
  if (found === undefined) throw new Error(`expected a base, got \`${base}\``);
  // A patch of a test is checked when the document is parsed.
  return mergePatch(found, patch) as FactsDocument;
}

export function factsOf(document: FactsDocument): Facts {
  const read = parseFacts(document);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.facts;
}

/** Asks the shipped policy about a base with a patch. */
export function ask(base: string, patch: unknown = {}): Decision {
  return decide(illumidesk, factsOf(factsDocument(base, patch)));
}

/** What one rule says; `undefined` if it is not listed. */
export function verdictOf(decision: Decision, rule: RuleId): Verdict | undefined {
  return decision.verdicts.find((one) => one.rule === rule)?.verdict;
}

/** The rules that refuse. */
export function refusals(decision: Decision): RuleId[] {
  return decision.verdicts
    .filter(({ verdict }) => verdict === 'deny' || verdict === 'unknown')
    .map(({ rule }) => rule);
}
