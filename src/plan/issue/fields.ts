import { placeholderIn } from '../rules/placeholder.ts';
import type { Heard } from './heard.ts';
import type { Line } from './actions.ts';
import { labelsIn, minutesIn, peopleIn } from './words.ts';

/** Whether a template's placeholder stands there still, or nothing. */
const leftIn = (text: string) => text.trim() === '' || placeholderIn(text, 'prose') !== null;
const SERVICE = /^Service::/i;

type Take = (heard: Heard, field: Line) => void;

/** The fields of both templates, by their names in small letters. */
const FIELDS: Readonly<Record<string, Take>> = {
  'change objective': (heard, { text }) => void heard.objective.push(text),
  'change criticality': criticality,
  'services impacted': services,
  'change technician': (heard, field) => {
    const people = named(heard, field);
    heard.executor ??= people[0] ?? null;
    heard.team.push(...people);
  },
  'change team members': (heard, field) => void heard.team.push(...named(heard, field)),
  'change reviewer': (heard, field) => void heard.reviewers.push(...named(heard, field)),
  'change reviewer or tested in staging': (heard, { text }) => {
    const { people, rest } = peopleIn(text);
    heard.reviewers.push(...people);
    if (rest !== '') heard.testedBefore = rest;
  },
  'downtime component': downtime,
  'time tracking': (heard, field) => {
    const [first = '', ...more] = field.text.split(/[,;]/);
    // A bare number is minutes in this template, the rollback included: the sections say it one by one.
    const minutes = minutesIn(first);
    if (minutes !== null) heard.minutes.whole = minutes;
    const left = minutes === null ? field.text : more.join(',').trim();
    if (left !== '')
      unread(
        heard,
        { ...field, text: left },
        /^\d+$/.test(left)
          ? 'the unit is not said: what the parts of the issue say counts'
          : 'expected minutes of one part, with their unit; got other words',
      );
  },
  'due date': (heard, field) =>
    unread(heard, field, 'a slot has a start and an end: the request is scheduled when it is filed'),
  'dry-run output': (heard, field) =>
    unread(heard, field, 'a dry run counts that was made here, of this very plan'),
  'change type': (heard, field) =>
    unread(heard, field, 'it is a type of another list: a change here is `service` or `maintenance`'),
};

/** Takes a field of an issue by its name; false where no template has one of that name. */
export function takeField(heard: Heard, name: string, field: Line): boolean {
  const take = FIELDS[name.trim().toLowerCase()];
  if (take === undefined) return false;
  if (leftIn(field.text)) unread(heard, field, 'the placeholder of the template was left in');
  else take(heard, field);
  return true;
}

/** C1 to C4, from a label or a word; two that differ are none. */
export function criticality(heard: Heard, field: Line): void {
  const found = [...new Set(field.text.match(/\bC[1-4]\b/g) ?? [])];
  const [one] = found;
  if (found.length !== 1 || one === undefined)
    return unread(heard, field, 'expected one criticality, C1 to C4');
  if (heard.criticality !== null && heard.criticality !== one)
    return unread(heard, field, `it was ${heard.criticality} before: the higher one stands`, () => {
      if (one < (heard.criticality ?? one)) heard.criticality = one;
    });
  heard.criticality = one;
}

function services(heard: Heard, field: Line): void {
  const { labels, rest } = labelsIn(field.text);
  const mine = labels.filter((label) => SERVICE.test(label)).map((label) => label.replace(SERVICE, ''));
  heard.services.push(...mine.filter((name) => name !== ''));
  const others = labels.filter((label) => !SERVICE.test(label)).join(' ');
  const left = [others, rest].filter((text) => text !== '').join(' ');
  if (left !== '')
    unread(heard, { ...field, text: left }, 'expected labels of services, such as `~"Service::Postgres"`');
}

function named(heard: Heard, field: Line): readonly string[] {
  const { people, rest } = peopleIn(field.text);
  const left = people.length === 0 ? field.text : rest;
  if (left !== '') unread(heard, { ...field, text: left }, 'expected people by their names, such as `@ben`');
  return people;
}

function downtime(heard: Heard, field: Line): void {
  const minutes = minutesIn(field.text);
  if (minutes !== null) heard.downtime = minutes;
  else if (/^(?:none|no|no downtime|0)\.?$/i.test(field.text.trim())) heard.downtime = '0 min';
  else unread(heard, field, 'expected minutes of downtime, or `none`; got prose');
}

function unread(heard: Heard, { line, text }: Line, because: string, also?: () => void): void {
  heard.unread.push({ line, text, because });
  also?.();
}
