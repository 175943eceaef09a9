import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { said } from '../parts/said.tsx';
import type { PlanWords } from '../../../src/contract/plan-sources.ts';
import { CRITICALITIES, KINDS, SEVERITIES } from '../../../src/kernel/policy/facts.ts';
import { WrittenInput } from './written-input.tsx';
import classes from './plan-editor.module.css';

export interface FieldsProps {
  /** As the text has them; `null` where it is nothing with fields yet. */
  readonly fields: Readonly<Record<string, unknown>> | null;
  readonly flaws: Readonly<Record<string, readonly string[]>>;
  readonly words: PlanWords | null;
  /** The text is broken at this moment: nothing can be written into it from here. */
  readonly frozen: boolean;
  readonly onWrite: (name: string, value: unknown) => void;
}

interface Field {
  readonly name: string;
  readonly label: string;
  readonly width?: 'half' | 'whole';
  readonly lines?: number;
  readonly list?: true;
  readonly says?: string;
  readonly choices?: readonly string[];
  /** What it is chosen from. */
  readonly only?: (words: PlanWords) => readonly string[];
  /** What is known to be there. */
  readonly known?: (words: PlanWords) => readonly string[];
}

const people = ({ people: names }: PlanWords) => names;

const FIELDS: readonly Field[] = [
  { name: 'title', label: 'Title', width: 'whole' },
  {
    name: 'description',
    label: 'Description',
    width: 'whole',
    lines: 2,
    says: 'For people; no approval is bound to it.',
  },
  { name: 'objective', label: 'Objective', width: 'half', says: 'What will be true afterwards.' },
  { name: 'reason', label: 'Reason', width: 'half' },
  { name: 'environment', label: 'Environment', only: ({ environments }) => environments },
  {
    name: 'services',
    label: 'Services',
    list: true,
    says: 'Separated by commas.',
    known: ({ services }) => services,
  },
  { name: 'criticality', label: 'Criticality', choices: CRITICALITIES },
  { name: 'severity', label: 'Severity', choices: SEVERITIES },
  { name: 'kind', label: 'Kind', choices: KINDS },
  { name: 'downtime', label: 'Downtime', says: 'Such as 5 min; 0 min for none.' },
  { name: 'impact', label: 'Impact', width: 'half', says: 'What users and services will notice.' },
  { name: 'testedBefore', label: 'Tested before', width: 'half', says: 'Where, and how that went.' },
  { name: 'executor', label: 'Executor', known: people },
  { name: 'team', label: 'Team', list: true, says: 'Separated by commas.', known: people },
  { name: 'reviewers', label: 'Reviewers', list: true, says: 'Separated by commas.', known: people },
];

/** What a request is about, field by field; each writes into the text below, and reads what stands there. */
export function Fields({ fields, flaws, words, frozen, onWrite }: FieldsProps) {
  if (fields === null) {
    return <p className="quiet">The text cannot be taken apart yet: its fields stand here once it can.</p>;
  }
  return (
    <fieldset disabled={frozen} className={classes['fields']}>
      {FIELDS.map((field) => (
        <div key={field.name} data-width={field.width}>
          <WrittenInput
            label={field.label}
            value={textOf(fields[field.name])}
            // What nobody has written yet is needed, not wrong.
            flaws={field.name in fields ? (flaws[field.name] ?? []) : []}
            says={field.says}
            {...(field.lines !== undefined && { lines: field.lines })}
            choices={field.choices ?? (words && field.only ? field.only(words) : undefined)}
            known={words && field.known ? field.known(words) : undefined}
            onWrite={(text) => onWrite(field.name, field.list ? listOf(text) : text)}
          />
        </div>
      ))}
      <Topics fields={fields} flaws={flaws} words={words} onWrite={onWrite} />
    </fieldset>
  );
}

function Topics({ fields, flaws, words, onWrite }: Omit<FieldsProps, 'frozen'>) {
  // What is ticked shows at once; the text is read a moment later.
  const [ticked, setTicked] = useState<{ readonly names: readonly string[]; readonly on: unknown } | null>(
    null,
  );
  const chosen = ticked !== null && ticked.on === fields ? ticked.names : namesOf(fields?.['topics']);
  const known = Object.entries(words?.topics ?? {}).toSorted(([, a], [, b]) => (a < b ? -1 : 1));
  const others = chosen.filter((name) => !known.some(([topic]) => topic === name));
  return (
    <div data-width="whole">
      <Checkbox.Group
        label="Topics"
        description="What is true of it; the highest sets the least criticality."
        error={said(flaws['topics']?.join(' '))}
        value={[...chosen]}
        onChange={(topics) => {
          setTicked({ names: topics, on: fields });
          onWrite('topics', topics);
        }}
      >
        <div className={classes['topics']}>
          {known.map(([topic, floor]) => (
            <Checkbox key={topic} value={topic} label={`${topic} (${floor})`} />
          ))}
          {others.map((topic) => (
            <Checkbox key={topic} value={topic} label={`${topic} (not of the policy)`} />
          ))}
        </div>
      </Checkbox.Group>
    </div>
  );
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

function namesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
