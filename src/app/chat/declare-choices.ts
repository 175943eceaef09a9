import { listPeople } from '../../store/people.ts';
import { servicesTouched } from '../../store/plan-words.ts';
import { linkedCall } from '../account-link/linked-call.ts';
import type { AppContext } from '../context.ts';
import type { Choice, ChoicesWanted, Connection } from '../ports/connection.ts';
import { beginnings, readBeginning } from './declare-beginning.ts';
import { fieldsOf } from './declare-fields.ts';

/** No channel shows more. */
const MOST = 100;

/** What somebody may choose in a field of the form, by what they typed; nothing for an account that nobody linked. */
export async function choicesFor(
  context: AppContext,
  { name }: Pick<Connection, 'name'>,
  { who, about, field, typed }: ChoicesWanted,
): Promise<readonly Choice[]> {
  if ((await linkedCall(context.db, name, who, 'choices')) === null) return [];
  const word = typed.trim();
  const lower = word.toLowerCase();
  const found = (await known(context, about, field))
    .filter(({ value, says = '' }) => `${value} ${says}`.toLowerCase().includes(lower))
    .toSorted(
      (a, b) =>
        Number(b.value.toLowerCase().startsWith(lower)) - Number(a.value.toLowerCase().startsWith(lower)),
    );
  const own = field === 'services' && word !== '' && !found.some(({ value }) => value === word);
  const typedItself = { value: word, says: `${word}, which no newer request touches` };
  return [...(own ? [typedItself] : []), ...found].slice(0, MOST);
}

async function known(context: AppContext, about: string, name: string): Promise<readonly Choice[]> {
  if (name === 'begin') return beginnings(context);
  if (name === 'services') return (await servicesTouched(context.db)).map((value) => ({ value }));
  if (PEOPLE.includes(name)) return people(context);
  const begun = await readBeginning(context, about);
  const field = begun.ok ? fieldsOf(begun.value).find((one) => one.name === name) : undefined;
  const choices = begun.ok ? (field?.choices?.(context.policy.policy, begun.value) ?? []) : [];
  return choices === 'searched' ? [] : choices;
}

const PEOPLE: readonly string[] = ['executor', 'team', 'reviewers', 'emoc', 'cmoc'];

async function people({ db }: AppContext): Promise<readonly Choice[]> {
  const all = await listPeople(db);
  return all
    .filter(({ kind, disabled_at }) => kind === 'person' && disabled_at === null)
    .map(({ name }) => ({ value: name }));
}
