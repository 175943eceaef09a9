import { describe, expect, it } from 'vitest';
import { inBatches } from '../../src/app/in-batches.ts';

/** Work that is done when it is told to, and says what it was given. */
function gatedWork() {
  const batches: number[][] = [];
  const gates: (() => void)[] = [];
  const work = async (items: readonly number[]) => {
    batches.push([...items]);
    await new Promise<void>((resolve) => gates.push(resolve));
    if (items.includes(13)) throw new Error('unlucky');
    return items.map((item) => item * 2);
  };
  return {
    batches,
    open: async () => (gates.shift()?.(), await new Promise((done) => setImmediate(done))),
    work,
  };
}

describe('work in batches', () => {
  it('lets the first wait for nobody, and takes those who came meanwhile together, at most so many', async () => {
    const { batches, open, work } = gatedWork();
    const double = inBatches(work, { most: 3 });
    const all = [1, 2, 3, 4, 5].map((item) => double(item));
    expect(batches).toEqual([[1]]);
    await open();
    expect(batches).toEqual([[1], [2, 3, 4]]);
    await open();
    await open();
    expect(await Promise.all(all)).toEqual([2, 4, 6, 8, 10]);
    const later = double(6);
    expect(batches.at(-1)).toEqual([6]);
    await open();
    expect(await later).toBe(12);
  });

  it('fails the one that cannot be done, and nobody who came with it', async () => {
    const { open, work } = gatedWork();
    const double = inBatches(work, { most: 10 });
    const all = Promise.allSettled([1, 12, 13, 14].map((item) => double(item)));
    for (let gate = 0; gate < 5; gate += 1) await open();
    expect((await all).map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual([
      2,
      24,
      'failed',
      28,
    ]);
  });
});
