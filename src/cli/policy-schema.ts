import { schemaText, type SCHEMAS } from '../contract/json-schema.ts';
import type { CliContext } from './context.ts';

/** `interlock policy schema NAME`: the JSON Schema of a format, as it is published beside the policies. */
export function printSchema(context: CliContext, name: keyof typeof SCHEMAS): number {
  context.stdout(schemaText(name));
  return 0;
}
