/** Time that passes only from event to event. */
export interface VirtualTime {
  /** Epoch milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Goes from event to event until `over` says so, or nothing is left to happen before the limit. */
  run(over: () => boolean, limitMs: number): Promise<void>;
}

export const BEGAN_AT = Date.UTC(2026, 0, 1);

interface Event {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

export function virtualTime(): VirtualTime {
  let now = BEGAN_AT;
  let order = 0;
  const queue: Event[] = [];
  return {
    now: () => now,
    sleep: (ms) =>
      new Promise((wake) => {
        insert(queue, { at: now + Math.max(0, ms), order: (order += 1), wake });
      }),
    run: async (over, limitMs) => {
      await settled();
      while (!over()) {
        const event = queue.pop();
        if (event === undefined || event.at > BEGAN_AT + limitMs) return;
        now = event.at;
        event.wake();
        await settled();
      }
    },
  };
}

/** The soonest last; those of one instant in the order they came. */
function insert(queue: Event[], event: Event): void {
  let low = 0;
  for (let high = queue.length; low < high;) {
    const middle = (low + high) >> 1;
    const there = queue[middle];
    if (there !== undefined && (there.at > event.at || (there.at === event.at && there.order > event.order)))
      low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, event);
}

/** Whatever follows from an event without time passing has happened: Node comes to the next tick once no promise is left to go on. */
function settled(): Promise<void> {
  return new Promise((done) => {
    process.nextTick(done);
  });
}
