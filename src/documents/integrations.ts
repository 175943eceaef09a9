import { integrationsFile, type IntegrationsFile } from '../contract/integrations/file.ts';
import { CRITICALITIES, type Criticality } from '../kernel/policy/facts.ts';
import type { SecretReference } from '../contract/integrations/secret.ts';
import type { Problem, Source } from './problem.ts';
import { readDocument } from './read.ts';

/** A secret that the file names, and where it does. */
export interface NamedSecret {
  readonly reference: SecretReference;
  readonly problem: (message: string) => Problem;
}

/** A file with the text of an issue, and where it is named. */
export interface NamedText {
  readonly criticality: Criticality;
  readonly path: string;
  readonly problem: (message: string) => Problem;
}

export type ReadIntegrations =
  | {
      readonly ok: true;
      readonly file: IntegrationsFile;
      readonly secrets: readonly NamedSecret[];
      readonly texts: readonly NamedText[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads `integrations.yaml`, and finds every secret and every text that it names. Never throws for what a person wrote; a text that is of
 * the wrong kind may be a secret, and is not repeated.
 */
export function readIntegrations(source: Source): ReadIntegrations {
  const read = readDocument(integrationsFile, { ...source, secret: true });
  if (!read.ok) return read;
  const secrets = referencesIn(read.value, []).map(({ reference, path }) => ({
    reference,
    problem: (message: string) => read.problemAt(path, message),
  }));
  const { issue = {} } = read.value;
  const texts = CRITICALITIES.flatMap((criticality): NamedText[] => {
    const path = issue[criticality];
    if (typeof path !== 'string') return [];
    return [{ criticality, path, problem: (message) => read.problemAt(['issue', criticality], message) }];
  });
  return { ok: true, file: read.value, secrets, texts };
}

interface Found {
  readonly reference: SecretReference;
  readonly path: readonly PropertyKey[];
}

/** By their shape: a mapping of `env` or `file` alone is a secret wherever it stands in this file. */
function referencesIn(value: unknown, path: readonly PropertyKey[]): Found[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isReference(value)) return [{ reference: value, path }];
  return Object.entries(value).flatMap(([key, inner]) =>
    referencesIn(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function isReference(value: object): value is SecretReference {
  const [only, ...more] = Object.entries(value);
  return (
    only !== undefined &&
    more.length === 0 &&
    (only[0] === 'env' || only[0] === 'file') &&
    typeof only[1] === 'string'
  );
}
