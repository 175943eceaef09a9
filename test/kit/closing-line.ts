import type { Reporter, TestModule } from 'vitest/node';

/** Ends the report with one plain line that other programs can read: `N passed, N failed, N skipped`. */
export const closingLine: Reporter = {
  onTestRunEnd(modules: readonly TestModule[], strays: readonly unknown[]) {
    // An error outside of any test fails the run too.
    const count = { passed: 0, failed: strays.length, skipped: 0 };
    for (const module of modules) {
      // A file that fails to load has no tests to count; it counts as one that failed.
      if (module.state() === 'failed' && [...module.children.allTests()].length === 0) count.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        count[state === 'pending' ? 'skipped' : state] += 1;
      }
    }
    process.stdout.write(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
  },
};
