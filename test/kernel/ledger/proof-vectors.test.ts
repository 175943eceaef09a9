import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { verifyConsistency } from '../../../src/kernel/ledger/consistency.ts';
import { verifyInclusion } from '../../../src/kernel/ledger/inclusion.ts';
import { base64, sha256 } from './ed25519.ts';

interface InclusionCase {
  file: string;
  leafIdx: bigint;
  treeSize: bigint;
  root: string;
  leafHash: string;
  proof: string[] | null;
  wantErr: boolean;
}

interface ConsistencyCase {
  file: string;
  size1: bigint;
  size2: bigint;
  root1: string;
  root2: string;
  proof: string[] | null;
  wantErr: boolean;
}

type Reviver = (key: string, value: unknown, context: { source: string }) => unknown;
// The library's types do not know the reviver's third argument yet.
const parse = JSON.parse as unknown as (text: string, reviver: Reviver) => unknown;

/** `JSON.parse` gives each number's source text to the reviver; past 2^53 the number itself is wrong. */
function read<Case>(name: string): Case[] {
  const path = new URL(`../../fixtures/ledger/${name}`, import.meta.url);
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map(
      (line) =>
        parse(line, (_key, value, context) =>
          typeof value === 'number' ? BigInt(context.source) : value,
        ) as Case,
    );
}

const inclusions = read<InclusionCase>('inclusion.jsonl');
const consistencies = read<ConsistencyCase>('consistency.jsonl');

test('the vectors are all there and hold both kinds', () => {
  expect(inclusions).toHaveLength(98);
  expect(consistencies).toHaveLength(98);
  expect(inclusions.some((one) => one.leafIdx === 18446744073709551615n)).toBe(true);
  expect(new Set([...inclusions, ...consistencies].map((one) => one.wantErr))).toEqual(
    new Set([true, false]),
  );
});

test.each(inclusions)('$file', (one) => {
  const claim = {
    index: one.leafIdx,
    size: one.treeSize,
    leaf: base64(one.leafHash),
    root: base64(one.root),
  };
  const result = verifyInclusion(sha256, claim, (one.proof ?? []).map(base64));
  expect(result).toMatchObject(one.wantErr ? { ok: false, because: expect.any(String) } : { ok: true });
});

test.each(consistencies)('$file', (one) => {
  const claim = {
    oldSize: one.size1,
    newSize: one.size2,
    oldRoot: base64(one.root1),
    newRoot: base64(one.root2),
  };
  const result = verifyConsistency(sha256, claim, (one.proof ?? []).map(base64));
  expect(result).toMatchObject(one.wantErr ? { ok: false, because: expect.any(String) } : { ok: true });
});
