import { z } from 'zod';
import { RULES } from '../kernel/policy/rule.ts';
import { instant } from './instant.ts';

const rules = z.array(z.enum(RULES)).optional();

/** One case of a policy: a question, made from a base and a patch (RFC 7396), and the answer that is demanded. */
export const policyCase = z.strictObject({
  name: z.string().min(1),
  base: z.string().min(1).describe('Name of the facts in `bases.yaml` that are patched.'),
  patch: z.record(z.string(), z.unknown()).default({}),
  allowed: z.boolean(),
  denies: rules.describe('Exactly the rules that say `deny` or `unknown`; absent means none.'),
  unknown: rules.describe('Rules that must say so, among others.'),
  warns: rules,
  excepted: rules,
  nextOpening: instant.nullish().describe('`null`: time will not help. Absent: not looked at.'),
});
export type PolicyCase = z.output<typeof policyCase>;

/** A file of cases. */
export const caseFile = z.array(policyCase);

/** `bases.yaml`: facts by name. They are judged only as cases patch them. */
export const baseFile = z.record(z.string(), z.record(z.string(), z.unknown()));
