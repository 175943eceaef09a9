/** Does something for as long as somebody waits for it; what is then still at it is told by the signal. @throws {Error} when the time is over */
export async function inTime<T>(ms: number, work: (over: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = new Error(`expected it within ${ms / 1_000} s, got nothing`);
    over.abort(error);
    late.reject(error);
  }, ms);
  try {
    return await Promise.race([work(over.signal), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
