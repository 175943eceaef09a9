import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { digestPlan } from '../../src/plan/digest.ts';
import { readPlan } from '../../src/plan/read.ts';
import { sha256 } from './sound-plan.ts';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * What approvals of these very texts are bound to. However a plan comes to be read, it comes to these: a digest that moves
 * voids every approval that was given. Where an example itself is edited, its line is edited with it.
 */
const DIGESTS: Readonly<Record<string, string>> = {
  'demo/plan/raise-work-mem.yaml': '9a9c349ac3d7529aaabc333a34df89c8f768a63d6a99d7059087996113787154',
  'demo/plan/reset-work-mem.yaml': '91b79b4d6ea9b696a52814560ac34439bf43b413d8a3ec5203ba39a41dc2837d',
  'procedures/console-rows.yaml': '49219a07364e1f5df8315e4706b3bc7763abb3356dcfd36548d24c96c123a15d',
  'procedures/console-setting.yaml': 'b0440a0f1a44fb29c38ff79cc7e898da7630dca9b7b1a124a6f448a45408a9f6',
  'procedures/dns-record.yaml': 'fbe906b4e699937ec60e72ac1afe14a11d5e231d8d72ab66dd3ba93b0e643713',
  'procedures/package-upgrade.yaml': '2e53e5fabcf6a84dcd9cb51c1e8736967b120bd381bbb808c5ddf26b7a06a911',
  'procedures/postgres-setting.yaml': '990ab1eec23aba94850399f420026021eda9e2ab9b3127498a90b98995d05564',
  'procedures/postgres-switchover.yaml': 'b83256c2d6694082683f825aac6b147e46cdcc93dceb960f8efb6ae7294c91e2',
  'procedures/prometheus-rule.yaml': '0b348991e9c6e29837ce654a94f07ad7d88a9b071e556e68ecd79a24af363b27',
  'procedures/service-restart.yaml': '9c48f86016620702fe009ff0aa7e62487cab0a21c400d0124734d5eb5f65050c',
  'procedures/templates/c1.yaml': '73e9e505c55ec454c51dadb95f46f3d321127c7c91cbcfe53438c2600407367b',
  'procedures/templates/c2.yaml': '8d565dfd8444f25aeafe0f129efde194c0e46482fc509c61af1859a67f98fa5a',
  'procedures/templates/c3.yaml': '541b73230fc2ea46b15c597bccab04a1d1d16024481a75c9e30b046dcf29e548',
  'procedures/templates/c4.yaml': 'ac84d93ac94064f7ab301e7b2dbef169dec2af24005c4c5f6969aafe5943d20e',
  'procedures/tls-certificate.yaml': '27b8037b4559ba87186ebcc9297e3c46b2694ba1fbb3251df29c6c17dd8fbdfb',
};

const digestOf = (file: string) => {
  const read = readPlan({ file, text: readFileSync(path.join(root, file), 'utf8') });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return digestPlan(read.plan, sha256).digest;
};

test('every example plan has its digest here', () => {
  const files = globSync(['demo/plan/*.yaml', 'procedures/**/*.yaml'], { cwd: root });
  expect(Object.fromEntries(files.map((file) => [file, digestOf(file).slice('sha256:'.length)]))).toEqual(
    DIGESTS,
  );
});
