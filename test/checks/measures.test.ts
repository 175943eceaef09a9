import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MEASURES } from '../../src/contract/check.ts';

it('docs/checks.md lists every measure, in order', () => {
  const text = readFileSync(new URL('../../docs/checks.md', import.meta.url), 'utf8');
  const listed = [...text.matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name);
  expect(listed).toEqual([...MEASURES]);
});
