import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { fieldEdit } from '../../src/documents/edit.ts';

const TEXT = `# For people.
title: Raise work_mem # in one line
description: >-
  Two lines
  as one.
author:
slot: null # such as { start: … }
services:
  - postgres
  - shop
parameters: { size: { type: number } }
estimate: { steps: 1 min }`;

function written(name: string, value: unknown, after?: string): string {
  const edit = fieldEdit(TEXT, name, value, after);
  if (edit === null) throw new Error('expected an edit, got none');
  return TEXT.slice(0, edit.from) + edit.insert + TEXT.slice(edit.to);
}

it.each<readonly [string, unknown]>([
  ['title', 'Lower it: by "half", #2'],
  ['title', 'null'],
  ['title', '7'],
  ['description', 'One line.'],
  ['description', 'First line\n\n  second: line\n- third'],
  ['description', ' begins with a space\nand goes on'],
  ['author', 'ana'],
  ['slot', { start: '2026-11-17T22:00:00Z', end: '2026-11-17T23:00:00Z' }],
  ['services', []],
  ['services', ['postgres', 'shop: two']],
  ['estimate', { steps: '2 min' }],
  ['kind', 'service'],
])('writes %s as %j, and moves nothing else', (name, value) => {
  const text = written(name, value);
  expect(parse(text)).toEqual({ ...(parse(TEXT) as object), [name]: value });
  expect(text).toContain('# For people.');
  if (name !== 'title') expect(text).toContain('title: Raise work_mem # in one line\n');
  if (name === 'slot') expect(text).toContain('# such as');
});

it('puts a new field after the one that is named', () => {
  expect(written('with', { size: 8 }, 'parameters')).toContain(
    'parameters: { size: { type: number } }\nwith: { size: 8 }\nestimate:',
  );
});

it.each(['title: [', '- a list', '{ "title": "JSON" }', ''])('leaves %j to whoever writes it', (text) => {
  expect(fieldEdit(text, 'title', 'x')).toBeNull();
});
