import { readFile } from 'node:fs/promises';
import type { Criticality } from '../kernel/policy/facts.ts';
import { shipped } from './library.ts';
import type { Source } from './problem.ts';

/** The plan that a request of one criticality begins from: an example, with placeholders where its author writes. */
export async function readTemplate(criticality: Criticality): Promise<Source> {
  const file = `${criticality.toLowerCase()}.yaml`;
  return { file, text: await readFile(shipped(`templates/${file}`), 'utf8') };
}
