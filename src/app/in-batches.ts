/** Does the same work for many at once. */
export type Batched<T, R> = (item: T) => Promise<R>;

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Gathers what is asked while the work for others is under way, and does it together, at most `most` at a time: who comes
 * first waits for nobody, and nothing is begun before it was asked for. Where the work of a batch fails, each of it is done
 * alone, so that one which cannot be done fails nobody else's.
 *
 * @param work gives a result for each item, in their order; what it wrote must be undone where it throws.
 */
export function inBatches<T, R>(
  work: (items: readonly T[]) => Promise<readonly R[]>,
  { most }: { readonly most: number },
): Batched<T, R> {
  let queue: Waiting<T, R>[] = [];
  let busy = false;
  const drain = async () => {
    busy = true;
    while (queue.length > 0) {
      const batch = queue.slice(0, most);
      queue = queue.slice(most);
      await settle(work, batch);
    }
    busy = false;
  };
  return (item) =>
    new Promise<R>((resolve, reject) => {
      queue.push({ item, resolve, reject });
      if (!busy) void drain();
    });
}

/** The same with a queue for each server: what is done together is done with one context. */
export function inBatchesOf<C extends WeakKey, T, R>(
  work: (context: C, items: readonly T[]) => Promise<readonly R[]>,
  limits: { readonly most: number },
): (context: C) => Batched<T, R> {
  const queues = new WeakMap<C, Batched<T, R>>();
  return (context) => {
    const known = queues.get(context);
    if (known) return known;
    const made = inBatches<T, R>((items) => work(context, items), limits);
    queues.set(context, made);
    return made;
  };
}

async function settle<T, R>(
  work: (items: readonly T[]) => Promise<readonly R[]>,
  batch: readonly Waiting<T, R>[],
): Promise<void> {
  try {
    const results = await work(batch.map(({ item }) => item));
    if (results.length !== batch.length) {
      throw new Error(`expected ${batch.length} results, got ${results.length}`);
    }
    // As many as items, which was looked at.
    batch.forEach(({ resolve }, index) => resolve(results[index] as R));
  } catch (error) {
    const [first] = batch;
    if (batch.length === 1 && first) first.reject(error);
    else await Promise.all(batch.map((one) => settle(work, [one])));
  }
}
