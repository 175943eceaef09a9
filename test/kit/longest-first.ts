import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Small files that take long; where no earlier run is remembered a file's size is all that is known of it. */
const LONGEST = [
  /\/acceptance\/demo\.test\.ts$/,
  /\/faults\/campaign\.test\.ts$/,
  /\/runner\/wait\.test\.ts$/,
  /\/faults\/simulation\.test\.ts$/,
];

/** Begins with what takes longest, so that the run does not end waiting for it alone. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- the sequencer's own, which gives another list
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = LONGEST.findIndex((pattern) => pattern.test(moduleId));
  return at === -1 ? LONGEST.length : at;
}
