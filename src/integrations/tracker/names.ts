import type { Taken } from '../../app/ports/connection.ts';

// An issue is named by its place and its number there: `group/project#12`.
const NAME = /^([\w.-]+(?:\/[\w.-]+)+)#(\d{1,9})$/;

/** The place and the number that a name says; `null` where it is the name of no issue. */
export function issueIn(name: string): { readonly place: string; readonly number: string } | null {
  const [, place, number] = NAME.exec(name) ?? [];
  return place === undefined || number === undefined ? null : { place, number };
}

/** The number of an issue of one place; `null` of any other. */
export function numberIn(place: string, name: string): string | null {
  const own = issueIn(name);
  return own?.place === place ? own.number : null;
}

/** Only issues of one place are asked for. */
export function elsewhere(place: string, name: string): Extract<Taken, { kind: 'refused' }> {
  const because = `expected an issue of \`${place}\`, got \`${name.slice(0, 80)}\``;
  return { kind: 'refused', because };
}
