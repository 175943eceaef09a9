import { z } from 'zod';
import { caseFile } from './case.ts';
import { factsDocument } from './facts.ts';
import { integrationsFile } from './integrations/file.ts';
import { policyFile } from './policy.ts';

/** The formats that people write, as they are published for editors. */
export const SCHEMAS = { policy: policyFile, facts: factsDocument, cases: caseFile } as const;

/** The JSON Schema of `integrations.yaml`, published as `integrations.schema.json`. */
export function schemaOfIntegrations(): string {
  return `${JSON.stringify(z.toJSONSchema(integrationsFile, { io: 'input' }), null, 2)}\n`;
}

/** The JSON Schema of one format: what may be written, before defaults are filled in. */
export function schemaText(name: keyof typeof SCHEMAS): string {
  return `${JSON.stringify(z.toJSONSchema(SCHEMAS[name], { io: 'input' }), null, 2)}\n`;
}
