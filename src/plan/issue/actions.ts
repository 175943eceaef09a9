import type { Action, Heard, HeardCheck, HeardStep } from './heard.ts';
import { nameOf, plainWords, wholeCode } from './words.ts';

/** A line of an issue that is to be carried out or checked. */
export interface Line {
  readonly line: number;
  readonly text: string;
}

/** A piece of code as what a step executes: its words where they need no shell, else a line for the shell, said as such. */
export function actionOf(code: string): Action {
  const words = plainWords(code);
  return words === null ? { shell: code } : { command: words };
}

/** A step of a list: what is nothing but a command is one, anything else stands as work by hand. */
export function stepOf(heard: Heard, section: HeardStep['section'], { line, text }: Line): HeardStep {
  const code = wholeCode(text);
  if (code !== null) return { name: nameOf(code), action: actionOf(code), section, before: [], after: [] };
  heard.unread.push({
    line,
    text,
    because:
      'it is prose where a command belongs: it stands as work by hand until somebody writes the command',
  });
  return { name: nameOf(text), action: byHand(text), section, before: [], after: [] };
}

export function byHand(instructions: string): Action {
  return { manual: { instructions, confirm: '<what the executor states when it is done>' } };
}

const SQL = /^(?:SELECT|SHOW)\b/i;
const SAYS = /^`([^`]+)`\s+(?:is|prints|equals|=|shows)\s+`([^`]+)`\s*(.*)$/;

/** A check: understood where it says what is asked and the one value that it has to give; else it has a placeholder for what is missing. */
export function checkOf(heard: Heard, { line, text }: Line): HeardCheck {
  const [, asked = '', value = '', more = ''] = SAYS.exec(text) ?? [];
  const left = more.replace(/^[\s,;.]+/, '').trim();
  const name = nameOf(text);
  if (asked !== '' && left !== '')
    heard.unread.push({
      line,
      text: left,
      because: 'it is said beside a value that can be compared, and is no check yet',
    });
  if (asked !== '') return { name, ...measureOf(asked), expect: { equals: value } };
  heard.unread.push({
    line,
    text,
    because:
      'it is prose where a value belongs that a program can compare: the check has placeholders for it',
  });
  const [, first = ''] = /`([^`]+)`/.exec(text) ?? [];
  return { name, ...measureOf(first), expect: { equals: '<what it has to be>' } };
}

function measureOf(code: string): Pick<HeardCheck, 'postgres' | 'command'> {
  // Where the database is an issue does not say; a plan names the variable of the bastion that does.
  if (SQL.test(code)) return { postgres: { urlFrom: 'FILL_ME', query: code } };
  const words = plainWords(code);
  const isCommand = words !== null && words.length > 1 && /^[a-z][\w.-]*$/.test(words[0] ?? '');
  return { command: { argv: isCommand ? words : ['<what measures it>'], measure: 'stdout' } };
}
