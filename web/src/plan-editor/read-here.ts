import type { PlanWords } from '../../../src/contract/plan-sources.ts';
import { writtenPlan } from '../../../src/contract/plan-written.ts';
import { problemsOf } from '../../../src/contract/problem.ts';
import { parseText, type Located } from '../../../src/documents/parse.ts';
import { RULES, type RuleId } from '../../../src/kernel/policy/rule.ts';
import { lintPlan } from '../../../src/plan/lint.ts';
import { readParameters } from '../../../src/plan/parameters.ts';
import { readPlan } from '../../../src/plan/read.ts';
import type { LintPolicy } from '../../../src/plan/rule.ts';
import { scriptPathsOf, scriptsOfTexts } from '../../../src/plan/scripts.ts';
import type { Platform } from '../ledger/in-browser.ts';
import type { Mark } from './marks.ts';

/** A text to be read. */
export interface Written {
  readonly file: string;
  readonly text: string;
  readonly scripts: Readonly<Record<string, string>>;
  /** What the policy says, as far as a linter looks at it; `null` before the server said it. */
  readonly words: PlanWords | null;
}

/** What a browser by itself can say of a text. */
export interface ReadHere {
  /** The fields as they are written; `null` where it is no mapping yet. */
  readonly fields: Readonly<Record<string, unknown>> | null;
  /** What is wrong with a field or a parameter, by its name. */
  readonly flaws: Readonly<Record<string, readonly string[]>>;
  readonly parameterFlaws: Readonly<Record<string, string>>;
  /** The scripts that it names. */
  readonly scripts: readonly string[];
  readonly marks: readonly Mark[];
}

const NOTHING = { fields: null, flaws: {}, parameterFlaws: {}, scripts: [] };

/** Reads and lints a text with the code that the server runs; only the policy's parts that a linter looks at are known here. */
export function readHere(platform: Platform | null, { file, text, scripts, words }: Written): ReadHere {
  const parsed = parseText({ file, text });
  const [document] = parsed.ok ? parsed.documents : [];
  const fields = isFields(document?.value) ? document.value : null;
  const hash = platform?.hash;
  const files = hash ? { texts: scripts, hash } : null;
  const read = readPlan({ file, text }, files);
  if (!read.ok) {
    const marks = read.problems.map((one) => ({ ...one, level: 'error' as const, rule: null, fix: null }));
    return document && fields
      ? { ...fieldsOf(document, fields, marks), scripts: [], marks }
      : { ...NOTHING, marks };
  }
  const { plan, placeOf, rollouts } = read;
  // Without the browser's SHA-256 no script can be compared with its digest: the server's word is waited for.
  const marks: readonly Mark[] = hash
    ? lintPlan({
        file,
        plan,
        placeOf,
        rollouts,
        scripts: scriptsOfTexts(scripts, hash),
        policy: words ? policyOf(words) : undefined,
      })
    : [];
  const named = scriptPathsOf(plan);
  return document && fields
    ? { ...fieldsOf(document, fields, marks), scripts: named, marks }
    : { ...NOTHING, scripts: named, marks };
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(document: Located, fields: Readonly<Record<string, unknown>>, marks: readonly Mark[]) {
  const flaws: Record<string, readonly string[]> = {};
  const places = Object.keys(fields).map((name) => ({ name, ...document.problemAt([name], '') }));
  // Of a field is what stands on its own line; several may share one, as in a plan that is written as JSON.
  const fieldAt = ({ line, column }: Mark) =>
    places.findLast((place) => place.line === line && place.column <= column)?.name;
  for (const [name, schema] of Object.entries(writtenPlan.shape)) {
    const value = fields[name];
    // What stands for a parameter is judged once it is filled in.
    if (typeof value === 'string' && value.includes('{')) continue;
    const result = schema.safeParse(value, { reportInput: true });
    const wrong = result.success ? [] : problemsOf(result.error, schema).map(({ message }) => message);
    const here = marks.filter((mark) => mark.rule !== null && fieldAt(mark) === name);
    const found = here.map(({ message, fix }) => `${message}. ${fix ?? ''}`.trim());
    if (wrong.length + found.length > 0) flaws[name] = [...wrong, ...found];
  }
  const parameters = readParameters(fields);
  const parameterFlaws = parameters.ok
    ? {}
    : Object.fromEntries(parameters.problems.map(({ path, message }) => [String(path[1] ?? ''), message]));
  return { fields, flaws, parameterFlaws };
}

function policyOf({ topics, downtime, environments, exceptions }: PlanWords): LintPolicy {
  const known = { operational: true, monitoring: [] };
  return {
    topics: new Map(Object.entries(topics)),
    downtime,
    environments: new Map(environments.map((name) => [name, known])),
    rules: Object.fromEntries(
      RULES.map((rule) => [rule, { exception: exceptions.includes(rule) }]),
    ) as unknown as Record<RuleId, { exception: boolean }>,
  };
}
