import { AppError } from '../../contract/errors.ts';
import type { Person, Token } from '../../contract/people.ts';
import { findPerson, listPeople } from '../../store/people.ts';
import { tokensOf } from '../../store/tokens.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { mayManage } from './may-manage.ts';
import { personView, tokenView } from './view.ts';

/** All accounts, by name. */
export async function readPeople(context: AppContext): Promise<Person[]> {
  return (await listPeople(context.db)).map(personView);
}

/** One account. @throws {AppError} `not_found` */
export async function readPerson(context: AppContext, name: string): Promise<Person> {
  const row = await findPerson(context.db, name);
  if (!row) throw new AppError('not_found', `expected an account, got \`${name}\`, which there is none of`);
  return personView(row);
}

/** The tokens of an account, for itself and for administrators; to others it is not there. @throws {AppError} `not_found` */
export async function readTokens(context: AppContext, call: Call, name: string): Promise<Token[]> {
  if (call.actor.person !== name && !mayManage(call.actor)) throw new AppError('not_found');
  await readPerson(context, name);
  return (await tokensOf(context.db, name)).map(tokenView);
}
