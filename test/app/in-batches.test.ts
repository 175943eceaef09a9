import { describe, expect, it } from 'vitest';
import { inBatches } from '../../src/app/in-batches.ts';

/** One turn of the event loop, and what it begins. */
const turn = async () => {
  for (let phase = 0; phase < 2; phase += 1) await new Promise((done) => setImmediate(done));
};

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
    open: async () => (gates.shift()?.(), await turn()),
    work,
  };
}

describe('work in batches', () => {
  it('takes those of one turn together, then those who came meanwhile, at most so many', async () => {
    const { batches, open, work } = gatedWork();
    const double = inBatches(work, { most: 3 });
    const all = [1, 2].map((item) => double(item));
    expect(batches).toEqual([]);
    await turn();
    expect(batches).toEqual([[1, 2]]);
    all.push(...[3, 4, 5, 6].map((item) => double(item)));
    await turn();
    expect(batches).toEqual([[1, 2]]);
    await open();
    expect(batches).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
    await open();
    await open();
    expect(await Promise.all(all)).toEqual([2, 4, 6, 8, 10, 12]);
  });

  it('begins a second beside the first for enough of them, and never a third', async () => {
    const { batches, open, work } = gatedWork();
    const double = inBatches(work, { most: 10, besideFrom: 2 });
    const all = [double(1)];
    await turn();
    all.push(double(2));
    await turn();
    expect(batches).toEqual([[1]]);
    all.push(double(3));
    await turn();
    expect(batches).toEqual([[1], [2, 3]]);
    all.push(...[4, 5, 6].map((item) => double(item)));
    await turn();
    expect(batches).toEqual([[1], [2, 3]]);
    await open();
    expect(batches).toEqual([[1], [2, 3], [4, 5, 6]]);
    await open();
    await open();
    expect(await Promise.all(all)).toEqual([2, 4, 6, 8, 10, 12]);
  });

  it('fails the one that cannot be done, and nobody who came with it', async () => {
    const { open, work } = gatedWork();
    const double = inBatches(work, { most: 10 });
    const all = Promise.allSettled([1, 12, 13, 14].map((item) => double(item)));
    await turn();
    for (let gate = 0; gate < 5; gate += 1) await open();
    expect((await all).map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual([
      2,
      24,
      'failed',
      28,
    ]);
  });
});
