import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { schemaOfIntegrations } from '../../src/contract/json-schema.ts';
import { planJsonSchema } from '../../src/contract/plan-schema.ts';
import { readPlan } from '../../src/plan/read.ts';
import { type Edit, planText } from './sound-plan.ts';

test('plan.schema.json is the schema of the contract (`vitest run test/plan/schema.test.ts -u` writes it anew)', async () => {
  await expect(`${JSON.stringify(planJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
    '../../plan.schema.json',
  );
});

test('integrations.schema.json is the schema of the contract', async () => {
  await expect(schemaOfIntegrations()).toMatchFileSnapshot('../../integrations.schema.json');
});

const FOR_EACH = {
  forEach: 'targets',
  steps: [
    {
      name: 'touch {target}',
      command: ['pg-touch', '{target}'],
      estimate: '1 min',
      timeout: '2 min',
      undo: { nothing: 'It is only touched.' },
    },
  ],
};

/** The published schema, as a validator of JSON Schema reads it. */
const published = formats
  .default(new Ajv2020({ allErrors: true, allowUnionTypes: true }))
  .compile(planJsonSchema());
const fits = (edit: Edit) => published(parse(planText(edit)));
const reads = (edit: Edit) => readPlan({ file: 'plan.yaml', text: planText(edit) }).ok;

test.each<readonly [string, Edit, boolean]>([
  ['the sound plan', {}, true],
  ['an unknown field', { set: { colour: 'blue' } }, false],
  ['an unknown field of a check', { set: { 'preflight.0.colour': 'blue' } }, false],
  ['a wrong unit', { set: { downtime: '5 minutes' } }, false],
  ['a number for a duration', { set: { 'steps.0.timeout': 5 } }, false],
  ['a missing section', { remove: ['rollback'] }, false],
  ['a default left out', { remove: ['topics', 'communication'] }, true],
  ['two actions', { set: { 'steps.0.wait': '1 min' } }, false],
  ['no action', { remove: ['steps.0.command'] }, false],
  ['two measures', { set: { 'preflight.0.tcp': { host: 'db-01', port: 5432 } } }, false],
  ['an empty expectation', { set: { 'preflight.0.expect': {} } }, false],
  ['an undo of neither form', { set: { 'steps.0.undo': {} } }, false],
  ['steps for many targets', { set: { 'steps.1': { ...FOR_EACH, stages: [1, '25%', 'rest'] } } }, true],
  ['a size of a stage that is none', { set: { 'steps.1': { ...FOR_EACH, stages: ['some'] } } }, false],
  ['a parameter', { set: { parameters: { size: { type: 'number', say: 'MB', default: 8 } } } }, true],
  ['a parameter of no type', { set: { parameters: { size: { type: 'size', say: 'MB' } } } }, false],
  ['a criticality that is none', { set: { criticality: 'C5' } }, false],
])('an editor and the reader say the same of %s', (_, edit, right) => {
  expect([fits(edit), reads(edit)]).toEqual([right, right]);
});
