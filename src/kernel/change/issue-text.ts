import type { Criticality } from '../policy/facts.ts';
import { wrongPlaces } from './audience-text.ts';

/** Lists: each stands on a line of its own. */
const LISTS = ['people', 'words', 'communication', 'rollback'] as const;
/** What the text of an issue may name. */
export const ISSUE_PLACES = [
  'id',
  'title',
  'objective',
  'impact',
  'environment',
  'slot',
  'bridge',
  ...LISTS,
] as const;
export type IssuePlace = (typeof ISSUE_PLACES)[number];

/** The texts that a team has of its own. */
export type IssueTexts = Readonly<Partial<Record<Criticality, string>>>;

const WHOLE = `### People and roles

{people}

### Words that are wanted

{words}

### Bridge

{bridge}

### Communication

{communication}

### Rollback

{rollback}`;

const SHORT = `### Words that are wanted

{words}`;

/** Between the first line and the plan, where the team has no text of its own. What a plan of C3 or C4 has is in the plan. */
export const ISSUE_TEXTS: Readonly<Record<Criticality, string>> = {
  C1: WHOLE,
  C2: WHOLE,
  C3: SHORT,
  C4: SHORT,
};

const LONGEST = 10_000;
const PLACE = /\{([^{}]*)\}/g;

/** Why an issue cannot have this text; `null` where it can. */
export function whyNoIssueText(text: string): string | null {
  if (text.trim() === '') return 'expected a text, got none';
  if (text.length > LONGEST) return `expected a text of at most ${LONGEST} characters, got ${text.length}`;
  const [wrong] = wrongPlaces(text, ISSUE_PLACES);
  if (wrong !== undefined)
    return `expected one of ${ISSUE_PLACES.map((one) => `\`{${one}}\``).join(', ')}, got \`{${wrong.slice(0, 40)}}\``;
  const lines = text.split(/\r?\n/);
  for (const line of lines) {
    const list = LISTS.find((name) => line.includes(`{${name}}`) && line.trim() !== `{${name}}`);
    if (list !== undefined) return `expected \`{${list}}\` on a line of its own, for it is a list`;
    // The tracker would do it, and take the line away, at every writing.
    if (/^\s*\/[a-z]/i.test(line))
      return `expected no action of the tracker, got \`${line.trim().slice(0, 40)}\``;
  }
  // By its comments our part is known again; an open block would swallow the plan below.
  if (text.includes('<!--')) return 'expected no comment of HTML, got `<!--`';
  return lines.filter((line) => /^ {0,3}(?:```|~~~)/.test(line)).length % 2 === 0
    ? null
    : 'expected every block of code to be closed, got one that is open';
}

/** The text with its places filled in. What is filled in is not read again, and no line of it is an action of the tracker. */
export function fillIssueText(text: string, values: Readonly<Record<IssuePlace, string>>): string {
  return text
    .trim()
    .replaceAll('\r\n', '\n')
    .replaceAll(PLACE, (whole, name: string) =>
      (ISSUE_PLACES as readonly string[]).includes(name) ? values[name as IssuePlace] : whole,
    )
    .replaceAll(/^(\s*)\/(?=\w)/gm, '$1\\/');
}
