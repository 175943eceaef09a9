import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LINT_RULES } from '../../src/plan/lint.ts';

const documented = readFileSync(new URL('../../docs/lint.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split(' | ').map((cell) => cell.replaceAll(/[|`]/g, '').trim()));

const orNone = (value: string | null) => value ?? '–';

test('docs/lint.md lists every rule, in order, as it is', () => {
  const rules = LINT_RULES.map(({ id, level, counts, policy }) => [
    id,
    level,
    orNone(counts),
    orNone(policy),
  ]);
  expect(documented.map((cells) => cells.slice(0, 4))).toEqual(rules);
  for (const cells of documented) expect(cells[4]).toMatch(/\S+ \S+/);
});
