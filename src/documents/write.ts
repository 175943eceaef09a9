import { stringify } from 'yaml';

/** A plain value as YAML that reads back to the same value. */
export function yamlText(value: unknown): string {
  return stringify(value, { version: '1.2', lineWidth: 0, aliasDuplicateObjects: false });
}
