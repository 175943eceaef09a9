import type { StageSize } from '../contract/plan-rollout.ts';

/**
 * How many targets each stage of a rollout has. A share is of all targets, rounded down, and at least one: of two readings
 * the smaller step. The last size is repeated until every target has had its turn; `rest` takes all that are left.
 */
export function stagesOf(count: number, sizes: readonly StageSize[]): readonly number[] {
  const stages: number[] = [];
  for (let left = count; left > 0; left -= stages.at(-1) ?? left) {
    const size = sizes[Math.min(stages.length, sizes.length - 1)] ?? 'rest';
    stages.push(Math.min(left, sizeOf(size, count, left)));
  }
  return stages;
}

function sizeOf(size: StageSize, count: number, left: number): number {
  if (size === 'rest') return left;
  if (typeof size === 'number') return size;
  return Math.max(1, Math.floor((count * Number.parseInt(size, 10)) / 100));
}
