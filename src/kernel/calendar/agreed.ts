import type { Held } from './overlay.ts';
import type { Span } from './span.ts';

/** What a calendar says of who is on call, where it says one thing; and where it says more than one. */
export type Agreed = { readonly shifts: readonly Held[]; readonly contested: readonly Span[] };

/**
 * Who is on call by shifts that may overlap: where exactly one person is named, that person. Where several are, or where one of the
 * spans that name nobody we know lies, nobody is: it is not for us to guess. Neighbours of one kind are joined.
 */
export function agreed(shifts: readonly Held[], unclear: readonly Span[]): Agreed {
  const edges = [...new Set([...shifts, ...unclear].flatMap(({ start, end }) => [start, end]))].toSorted(
    (a, b) => a - b,
  );
  const found: Held[] = [];
  const contested: Span[] = [];
  edges.slice(0, -1).forEach((start, index) => {
    const end = edges[index + 1] as number;
    const covers = (span: Span) => span.start <= start && end <= span.end;
    const persons = new Set(shifts.filter(covers).map(({ person }) => person));
    const [person] = persons;
    if (person === undefined) return;
    if (persons.size > 1) join(contested, { start, end }, () => true);
    else if (!unclear.some(covers)) join(found, { person, start, end }, (last) => last.person === person);
  });
  return { shifts: found, contested };
}

function join<S extends Span>(list: S[], next: S, alike: (last: S) => boolean): void {
  const last = list.at(-1);
  if (last?.end === next.start && alike(last)) list[list.length - 1] = { ...last, end: next.end };
  else list.push(next);
}
