import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { PlanWords } from '../../src/contract/plan-sources.ts';
import { offersIn } from '../../web/src/plan-editor/offers.ts';
import type { Schema } from '../../web/src/plan-editor/schema.ts';

const SCHEMA = JSON.parse(readFileSync(new URL('../../plan.schema.json', import.meta.url), 'utf8')) as Schema;
const WORDS: PlanWords = {
  environments: ['illumidesk.com'],
  topics: { 'database-topology': 'C1' },
  downtime: 'C1',
  exceptions: ['in-slot'],
  services: ['postgres'],
  targets: [{ name: 'db-01', type: 'host' }],
  people: ['ana', 'ben'],
  procedures: ['dns-record'],
};

/** What is offered where `|` stands. */
function offered(text: string) {
  const before = text.slice(0, text.indexOf('|'));
  const lines = text.replace('|', '').split('\n');
  const at = { line: before.split('\n').length - 1, column: before.length - before.lastIndexOf('\n') - 1 };
  return offersIn(SCHEMA, WORDS, lines, at)?.offers ?? [];
}
const labels = (text: string) => offered(text).map(({ label }) => label);

it('offers the fields that are not there yet, with what the schema says of them', () => {
  const found = offered('interlock: plan/1\ntitle: x\ncrit|\nseverity: S3');
  const field = found.find(({ label }) => label === 'criticality');
  expect(field).toMatchObject({ says: 'How much ceremony; C1 is the highest.', first: true });
  expect(found.map(({ label }) => label)).not.toContain('title');
  expect(found.map(({ label }) => label)).not.toContain('severity');
});

it.each<readonly [string, readonly string[]]>([
  ['criticality: |', ['C1', 'C4']],
  ['kind: ser|', ['service', 'maintenance']],
  ['monthlyRelease: |', ['true', 'false']],
  ['environment: |', ['illumidesk.com']],
  ['topics: [|]', ['database-topology']],
  ['topics:\n  - |', ['database-topology']],
  ['topics:\n- data|', ['database-topology']],
  ['team: [ana, |', ['ben']],
  ['procedure: |', ['dns-record']],
  ['targets:\n  - name: |', ['db-01']],
  ['targets:\n  - { name: |', ['db-01']],
  ['targets:\n  - { name: db-01, |', ['type', 'environment']],
  ['targets:\n  - name: db-01\n    |', ['type', 'environment']],
  ['preflight:\n  - name: x\n    targets: [|', ['db-01']],
  ['preflight:\n  - name: x\n    prom|', ['prometheus', 'tcp', 'expect']],
  ['preflight:\n  - name: x\n    prometheus:\n      |', ['query']],
  ['steps:\n  - name: x\n    command: [a]\n    |', ['estimate', 'timeout', 'undo']],
  ['steps:\n  - name: x\n    after:\n      - |', ['name', 'tcp']],
  ['rollback:\n  steps: []\n  |', ['triggers', 'pointOfNoReturn']],
  ['parameters:\n  size: { type: |', ['text', 'number', 'choice']],
  ['exceptions:\n  - rule: |', ['in-slot']],
])('offers at %j what may stand there', (text, wanted) => {
  expect(labels(text)).toEqual(expect.arrayContaining([...wanted]));
});

it.each(['# crit|', 'title: a word # crit|', 'description: |-\n  crit|'.replace('|-', '>-')])(
  'offers nothing in %j',
  (text) => {
    expect(labels(text)).toEqual([]);
  },
);
