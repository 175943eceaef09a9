import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Criticality } from '../kernel/policy/facts.ts';
import type { Source } from './problem.ts';

/** The plan that a request of one criticality begins from: an example, with placeholders where its author writes. */
export async function readTemplate(criticality: Criticality): Promise<Source> {
  const file = `${criticality.toLowerCase()}.yaml`;
  return { file, text: await readFile(shipped(`templates/${file}`), 'utf8') };
}

/** A file that ships with the product: the sources and a published build lie at different depths. */
function shipped(path: string): URL {
  const near = new URL(`../../procedures/${path}`, import.meta.url);
  return existsSync(near) ? near : new URL(`../../../procedures/${path}`, import.meta.url);
}
