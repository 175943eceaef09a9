import { defineConfig } from 'vitest/config';
import { closingLine } from './test/kit/closing-line.ts';
import { LongestFirst } from './test/kit/longest-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/fixtures/**', 'node_modules/**'],
    globalSetup: ['test/kit/global-setup.ts'],
    // Real programs on a shared machine stall at times: there what failed is tried once more, and the report names it.
    retry: process.env['CI'] ? 1 : 0,
    setupFiles: ['test/kit/second-try.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What comes at last is waited for; one second is short where three files share two cores.
    expect: { poll: { timeout: 20_000 } },
    reporters: ['default', closingLine],
    pool: 'forks',
    // One more than the cores: a test file waits for its programs a third of its time.
    maxWorkers: 3,
    // Half of the time went into loading the same modules for every file. What a file changes of its process it puts back.
    isolate: false,
    sequence: { sequencer: LongestFirst },
  },
});
