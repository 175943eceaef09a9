import type { PlanWords } from '../../../src/contract/plan-sources.ts';
import { fieldsAt, saysAt, valuesAt, type Schema } from './schema.ts';
import { placeIn, type YamlPlace } from './yaml-place.ts';

/** One thing to complete what is typed with. */
export interface Offer {
  readonly label: string;
  readonly kind: 'field' | 'word' | 'name';
  /** Beside it, short. */
  readonly detail: string | undefined;
  /** What it means, in the words of the schema. */
  readonly says: string | undefined;
  /** What is put in the place of what was typed. */
  readonly insert: string;
  readonly first: boolean;
}

/** What the text may go on with at a place, and from which column on it is replaced; `null`: nothing is known there. */
export function offersIn(
  schema: Schema,
  words: PlanWords | null,
  lines: readonly string[],
  { line, column }: { readonly line: number; readonly column: number },
): { readonly from: number; readonly offers: readonly Offer[] } | null {
  const place = placeIn(lines, line, column);
  if (place === null) return null;
  const offers = place.typing === 'key' ? inMapping(schema, words, place) : asValue(schema, words, place);
  return offers.length === 0 ? null : { from: column - place.typed.length, offers };
}

/** Where a mapping is meant its fields; an item of a list may be a word as well. */
function inMapping(schema: Schema, words: PlanWords | null, place: YamlPlace): readonly Offer[] {
  const fields = fieldsAt(schema, place.path)
    .filter(({ name }) => !place.siblings.includes(name))
    .map(({ name, says, required, holds }): Offer => {
      const inner = `\n${' '.repeat(place.column + 2)}`;
      const after = place.flow || holds === 'word' ? ' ' : holds === 'items' ? `${inner}- ` : inner;
      return {
        label: name,
        kind: 'field',
        detail: required ? 'needed' : undefined,
        says,
        insert: `${name}:${after}`,
        first: required,
      };
    });
  return [...fields, ...(place.path.at(-1) === '[]' ? asValue(schema, words, place) : [])];
}

function asValue(schema: Schema, words: PlanWords | null, { path }: YamlPlace): readonly Offer[] {
  const says = saysAt(schema, path);
  const fixed = valuesAt(schema, path).map(({ value, says: own }): Offer => word(value, own ?? says));
  return [...(words ? namesAt(words, path, says) : []), ...fixed];
}

const word = (value: string, says: string | undefined): Offer => ({
  label: value,
  kind: 'word',
  detail: undefined,
  says,
  insert: value,
  first: false,
});

/** The names that a field of a plan is chosen from, by the end of the way to it. */
const NAMES: Readonly<Record<string, (words: PlanWords) => readonly (readonly [string, string?])[]>> = {
  environment: ({ environments }) => environments.map((name) => [name]),
  'services.[]': ({ services }) => services.map((name) => [name]),
  'topics.[]': ({ topics }) => Object.entries(topics),
  procedure: ({ procedures }) => procedures.map((name) => [name]),
  author: ({ people }) => people.map((name) => [name]),
  executor: ({ people }) => people.map((name) => [name]),
  emoc: ({ people }) => people.map((name) => [name]),
  cmoc: ({ people }) => people.map((name) => [name]),
  'team.[]': ({ people }) => people.map((name) => [name]),
  'reviewers.[]': ({ people }) => people.map((name) => [name]),
  'targets.[].name': ({ targets }) => targets.map(({ name, type }) => [name, type]),
  'targets.[].type': ({ targets }) => [...new Set(targets.map(({ type }) => type))].map((type) => [type]),
  'exceptions.[].rule': ({ exceptions }) => exceptions.map((rule) => [rule]),
};
/** The targets of a check, by name. */
const CHECKED = /(^|\.)targets\.\[\]$/;

function namesAt(words: PlanWords, path: readonly string[], says: string | undefined): readonly Offer[] {
  const way = path.join('.');
  const named = NAMES[way]?.(words);
  const targets = CHECKED.test(way) && way !== 'targets.[]' ? words.targets : [];
  const all = named ?? targets.map(({ name, type }) => [name, type] as const);
  return all.map(([label, detail]) => ({ label, kind: 'name', detail, says, insert: label, first: true }));
}
