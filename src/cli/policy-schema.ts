import { z } from 'zod';
import { caseFile } from '../contract/case.ts';
import { factsDocument } from '../contract/facts.ts';
import { policyFile } from '../contract/policy.ts';
import type { CliContext } from './context.ts';

/** The formats that people write, as JSON Schema for their editors. */
export const SCHEMAS = { policy: policyFile, facts: factsDocument, cases: caseFile } as const;

/** The JSON Schema of one format, as it is published beside the policies. */
export function schemaText(name: keyof typeof SCHEMAS): string {
  return `${JSON.stringify(z.toJSONSchema(SCHEMAS[name], { io: 'input' }), null, 2)}\n`;
}

/** `interlock policy schema NAME`: prints one. */
export function printSchema(context: CliContext, name: keyof typeof SCHEMAS): number {
  context.stdout(schemaText(name));
  return 0;
}
