// Everything that can be said of the sources without running the product: `npm run check`.
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const env = { ...process.env, PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter) };

/** @type {[what: string, command: string, ...args: string[]][]} */
const CHECKS = [
  ['formatting', 'prettier', '--check', '--log-level', 'warn', '.'],
  ['lint', 'oxlint', '--deny-warnings'],
  ['types', 'tsc', '--noEmit', '-p', '.'],
  ['types of the kernel, without the outside world', 'tsc', '--noEmit', '-p', 'src/kernel'],
  ['types of the web', 'tsc', '--noEmit', '-p', 'web'],
  ['layers', 'depcruise', '--config', '.dependency-cruiser.mjs', 'src', 'web', 'demo', 'faults'],
  ['generated files', 'vitest', 'run', '--reporter', 'dot', ...drift()],
];

/** The tests that compare generated files with what they are generated from. */
function drift() {
  return ['test/store/schema.test.ts', 'test/http/openapi.test.ts', 'test/plan/schema.test.ts'];
}

let failed = 0;
for (const [what, command, ...args] of CHECKS) {
  process.stdout.write(`${what} …\n`);
  const { status } = spawnSync(command, args, { cwd: root, env, stdio: 'inherit' });
  if (status === 0) continue;
  process.stdout.write(`${what}: failed\n`);
  failed += 1;
}
process.stdout.write(failed === 0 ? 'all checks passed\n' : `${failed} of ${CHECKS.length} checks failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
