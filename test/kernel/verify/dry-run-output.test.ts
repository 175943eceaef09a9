import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareOutputs,
  normalisedOutput,
  type MayDiffer,
} from '../../../src/kernel/verify/dry-run-output.ts';

const INSTANTS: MayDiffer = { kind: 'instants' };
const UUIDS: MayDiffer = { kind: 'uuids' };
const ROWS: MayDiffer = { kind: 'number', after: 'rows: ', within: { by: 5 } };
const SHARE: MayDiffer = { kind: 'number', after: 'rows: ', within: { share: 0.05 } };
const ID = '018f8f2e-1111-4222-8333-444455556666';
const OTHER = '018f8f2e-1111-4222-8333-444455557777';

describe('two outputs of a dry run', () => {
  it.each<[string, string, readonly MayDiffer[], boolean]>([
    ['a\nb\n', 'a\nb\n', [], true],
    ['a\nb\n', 'a\nb', [], false],
    ['a\nb\n', 'a\nb \n', [], false],
    ['at 2026-11-28T03:00:00Z', 'at 2026-11-28T03:00:09.123+00:00', [], false],
    ['at 2026-11-28T03:00:00Z', 'at 2026-11-28T03:00:09.123+00:00', [INSTANTS], true],
    ['at 2026-11-28 03:00', 'at 2026-11-29 04:01:02,5', [INSTANTS], true],
    // Times of day and dates alone may be what is changed, such as the hour of a job.
    ['job at 03:00:00', 'job at 04:00:00', [INSTANTS], false],
    ['expires 2026-11-28', 'expires 2027-11-28', [INSTANTS], false],
    [`id ${ID}`, `id ${OTHER}`, [], false],
    [`id ${ID}`, `id ${OTHER}`, [INSTANTS], false],
    [`id ${ID}`, `id ${OTHER}`, [UUIDS], true],
    ['rows: 100', 'rows: 105', [], false],
    ['rows: 100', 'rows: 105', [ROWS], true],
    ['rows: 100', 'rows: 106', [ROWS], false],
    ['rows: 100', 'rows: 95', [ROWS], true],
    ['rows: 100', 'rows: 94.9', [ROWS], false],
    ['rows: 1000', 'rows: 1050', [SHARE], true],
    ['rows: 1000', 'rows: 1051', [SHARE], false],
    ['rows: 0', 'rows: 1', [SHARE], false],
    ['rows: 100', 'rows: none', [ROWS], false],
    ['rows: 100', 'rows: 100 of 7', [ROWS], false],
    ['rows: 100', 'rows: -100', [ROWS], false],
    ['rows: 100', 'rows: 1000000000000000000', [ROWS], false],
    ['rows: 100, rows: 7', 'rows: 101, rows: 12', [ROWS], true],
    ['rows: 100, rows: 7', 'rows: 101, rows: 13', [ROWS], false],
    ['rows: 100 in db-1', 'rows: 101 in db-2', [ROWS], false],
    ['deleted rows: 100', 'kept rows: 100', [ROWS], false],
    ['rows: 100', 'rows: 100\nrows: 100', [ROWS], false],
    // What is declared may stand in the text itself, and still means nothing else.
    ['rows: <number>', 'rows: 5', [ROWS], false],
  ])('%j and %j, %j: %s', (reviewed, repeated, mayDiffer, same) => {
    expect(compareOutputs(reviewed, repeated, mayDiffer).same).toBe(same);
  });

  it('are shown line beside line where they differ', () => {
    expect(compareOutputs('a\nb\nc', 'a\nB\nc\nd', [])).toEqual({
      same: false,
      differences: [
        { line: 2, reviewed: 'b', repeated: 'B' },
        { line: 4, reviewed: null, repeated: 'd' },
      ],
      more: false,
    });
    const long = Array.from({ length: 1_001 }, (_, index) => `was ${index}`).join('\n');
    const compared = compareOutputs(long, long.replaceAll('was', 'is'), []);
    expect(compared.differences).toHaveLength(1_000);
    expect(compared.more).toBe(true);
  });

  it('that are the same have one fingerprint, and nothing declared means byte for byte', () => {
    const token = fc.constantFrom('rows: ', '7', '8', ' ', '\n', ID, OTHER, '2026-11-28T03:00:00Z', 'x', '.');
    const text = fc.array(token, { maxLength: 8 }).map((parts) => parts.join(''));
    const allowed = fc.subarray([INSTANTS, UUIDS, ROWS]);
    fc.assert(
      fc.property(text, text, allowed, (a, b, mayDiffer) => {
        const { same } = compareOutputs(a, b, mayDiffer);
        expect(compareOutputs(b, a, mayDiffer).same).toBe(same);
        expect(compareOutputs(a, b, []).same).toBe(a === b);
        if (same) expect(normalisedOutput(a, mayDiffer)).toBe(normalisedOutput(b, mayDiffer));
      }),
      { numRuns: 2_000 },
    );
  });
});
