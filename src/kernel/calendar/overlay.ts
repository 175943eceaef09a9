/** A stretch of time in which one person answers. Instants in epoch milliseconds, half open. */
export type Held = { readonly person: string; readonly start: number; readonly end: number };

/**
 * A plan of shifts with covers laid over it, in order: where a cover lies, the plan does not count. Neither may overlap within
 * itself.
 */
export function overlay<P extends Held, C extends Held>(
  plan: readonly P[],
  covers: readonly C[],
): readonly (P | C)[] {
  const left = plan.flatMap((shift) => without(shift, covers));
  return [...left, ...covers].toSorted((a, b) => a.start - b.start);
}

/** What of a stretch lies outside others. */
export function without<S extends Held>(
  stretch: S,
  others: readonly Pick<Held, 'start' | 'end'>[],
): readonly S[] {
  return others.reduce<readonly S[]>(
    (rest, other) =>
      rest.flatMap((part) =>
        [
          { ...part, end: Math.min(part.end, other.start) },
          { ...part, start: Math.max(part.start, other.end) },
        ].filter(({ start, end }) => start < end),
      ),
    [stretch],
  );
}

/** A stretch in which somebody else answers than before, or nobody. */
export type Swap = {
  readonly start: number;
  readonly end: number;
  readonly before: string | null;
  readonly after: string | null;
};

/** Where two rotas name different persons, in order, neighbours of one kind joined. */
export function swaps(before: readonly Held[], after: readonly Held[]): readonly Swap[] {
  const edges = [...new Set([...before, ...after].flatMap(({ start, end }) => [start, end]))].toSorted(
    (a, b) => a - b,
  );
  const found: Swap[] = [];
  edges.slice(0, -1).forEach((start, index) => {
    const swap = {
      start,
      end: edges[index + 1] as number,
      before: at(before, start),
      after: at(after, start),
    };
    if (swap.before === swap.after) return;
    const last = found.at(-1);
    if (last?.end === start && last.before === swap.before && last.after === swap.after) {
      found[found.length - 1] = { ...last, end: swap.end };
    } else {
      found.push(swap);
    }
  });
  return found;
}

function at(shifts: readonly Held[], instant: number): string | null {
  return shifts.find(({ start, end }) => start <= instant && instant < end)?.person ?? null;
}
