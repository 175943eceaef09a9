/** Does the same work for many at once. */
export type Batched<T, R> = (item: T) => Promise<R>;

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (reason: unknown) => void;
}

/** How many are done together. */
export interface BatchLimits {
  readonly most: number;
  /** So many begin a second batch beside the one under way; fewer wait for its end, which costs less. Never, where it is left out. */
  readonly besideFrom?: number;
}

/**
 * Gathers what is asked in one turn of the event loop or while the work for others is under way, and does it together, at most `most`
 * at a time: nobody waits for somebody who has not come yet, and nothing is begun before it was asked for. Where the work of a batch
 * fails, each of it is done alone, so that one which cannot be done fails nobody else's.
 *
 * @param work gives a result for each item, in their order; what it wrote must be undone where it throws.
 */
export function inBatches<T, R>(
  work: (items: readonly T[]) => Promise<readonly R[]>,
  { most, besideFrom = Infinity }: BatchLimits,
): Batched<T, R> {
  let queue: Waiting<T, R>[] = [];
  let underWay = 0;
  let turn = false;
  const mayBegin = () => queue.length >= (underWay === 0 ? 1 : underWay === 1 ? besideFrom : Infinity);
  const beginAtTheTurn = () => {
    if (turn || !mayBegin()) return;
    turn = true;
    // Those whose questions have arrived are all heard first: the first of many alone would cost as much as all of them.
    setImmediate(() => {
      turn = false;
      if (mayBegin()) void begin();
    });
  };
  const begin = async () => {
    const batch = queue.slice(0, most);
    queue = queue.slice(most);
    underWay += 1;
    beginAtTheTurn();
    await settle(work, batch);
    underWay -= 1;
    beginAtTheTurn();
  };
  return (item) =>
    new Promise<R>((resolve, reject) => {
      queue.push({ item, resolve, reject });
      beginAtTheTurn();
    });
}

/** The same with a queue for each server: what is done together is done with one context. */
export function inBatchesOf<C extends WeakKey, T, R>(
  work: (context: C, items: readonly T[]) => Promise<readonly R[]>,
  limits: BatchLimits,
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
