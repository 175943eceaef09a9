import { newVeto } from '../../contract/channel.ts';
import { changeId as changeIdText } from '../../contract/changes.ts';
import { readValue } from '../../contract/read-value.ts';
import { claimLinks } from '../account-link/claim.ts';
import { phraseOf } from '../account-link/phrase.ts';
import type { Call } from '../actor.ts';
import { announceNow } from '../change/announce.ts';
import { askForReview } from '../change/ask-review.ts';
import { pageOfChanges, showChange } from '../change/show.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { Taken } from '../ports/connection.ts';
import { layVeto } from '../veto/veto.ts';
import { recordDenied } from '../record-denied.ts';
import { openDeclaration } from './declare.ts';
import { answered, callOfPeer, talkOf, toldOr, whoCalls, wordsOf, type ChatHeard } from './heard.ts';
import { changeText, listText } from './text.ts';

export type Command = ChatHeard<'chat-command'>;

const USAGE = [
  '/change declare [C1..C4, or a procedure]: file a request',
  '/change list [words]: the newest requests, those with these words',
  '/change show CHG-1: a request, and what it waits for',
  '/change review CHG-1: ask in the channel for words on its plan',
  '/change announce CHG-1: have its start announced',
  '/change veto CHG-1 reason: stop it, as the engineer on call; `*` for all',
  '/change interlock link CODE: say that this account is yours, as `interlock account link` has it',
].join('\n');

/** Takes a command up: as the person who linked the account, with the words that it has everywhere. */
export async function heedCommand(context: AppContext, command: Command): Promise<Taken> {
  const { event, signal } = command;
  const [verb = '', rest = ''] = split(event.text);
  if (verb === 'declare') return declare(context, command, rest);
  const outcome = await answered(() => carryOut(context, command, verb, rest));
  return toldOr(
    await talkOf(command).answer(event.reply, outcome.ok ? outcome.value : wordsOf(outcome.refusal), signal),
  );
}

async function carryOut(
  context: AppContext,
  command: Command,
  verb: string,
  rest: string,
): Promise<Outcome<string>> {
  // As `interlock account link` prints it, or the code alone.
  if (verb === 'interlock') return link(context, command, rest.replace(/^link\s+/, ''));
  if (verb === 'link') return link(context, command, rest);
  const act = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (!act) return done(USAGE);
  const who = await known(context, command);
  return who.ok ? act(context, who.value, rest) : who;
}

/** Whoever linked the account; a command of an account without a link is recorded. */
async function known(context: AppContext, command: Command): Promise<Outcome<Call>> {
  const who = await whoCalls(context, command);
  if (who.ok) return who;
  const peer = callOfPeer(command);
  await recordDenied(context, peer, `chat/${peer.source}`, who.refusal.because);
  return who;
}

async function declare(context: AppContext, command: Command, from: string): Promise<Taken> {
  const { event, signal } = command;
  const who = await known(context, command);
  const opened = who.ok ? await openDeclaration(context, command, who.value, from) : who;
  if (opened.ok && opened.value.kind !== 'refused') return opened.value;
  const text = opened.ok ? 'Too late for a form: type it again.' : wordsOf(opened.refusal);
  return toldOr(await talkOf(command).answer(event.reply, text, signal));
}

/** The words of a link, said here by whose account it is to be; they are confirmed where that person is signed in. */
async function link(
  context: AppContext,
  { connection, event, signal, ...command }: Command,
  code: string,
): Promise<Outcome<string>> {
  const person = await talkOf({ connection, ...command }).isPerson(event.who, signal);
  if (person.kind === 'later') throw new Error(person.because);
  if (person.kind === 'refused') return refuse('not_permitted', person.because);
  const posted = { connection: connection.name, externalUser: event.who, shownAs: event.shownAs };
  await claimLinks(context, { ...posted, text: phraseOf(code) });
  return done(
    'If these are the words of somebody who asked for a link, they confirm it: `interlock account list`.',
  );
}

type Verb = (context: AppContext, call: Call, rest: string) => Promise<Outcome<string>>;

const VERBS: Readonly<Record<string, Verb>> = {
  list: async (context, _call, rest) =>
    done(
      listText(await pageOfChanges(context, { limit: 10, ...(rest !== '' && { text: rest.slice(0, 200) }) })),
    ),
  show: async (context, call, rest) => {
    const id = parsed(changeIdText, rest);
    return id.ok ? done(changeText(await showChange(context, call, id.value))) : id;
  },
  review: async (context, call, rest) => {
    const id = parsed(changeIdText, rest);
    if (!id.ok) return id;
    const asked = await askForReview(context, call, id.value);
    return asked.ok ? done(`Asked for words on the plan of ${id.value}.`) : asked;
  },
  announce: async (context, call, rest) => {
    const id = parsed(changeIdText, rest);
    if (!id.ok) return id;
    const asked = await announceNow(context, call, id.value);
    if (!asked.ok) return asked;
    const { announcedAt } = asked.value;
    return done(
      `The start of ${id.value}: ${announcedAt === null ? 'on its way to the channel' : `announced at ${announcedAt}`}.`,
    );
  },
  veto: async (context, call, rest) => {
    const [change = '', reason = ''] = split(rest);
    const veto = parsed(newVeto, { change, reason });
    if (!veto.ok) return veto;
    const laid = await layVeto(context, call, veto.value);
    return laid.ok ? done(`Vetoed ${change === '*' ? 'all changes' : change}.`) : laid;
  },
};

/** By the schema of the API, with its words. */
function parsed<T extends Parameters<typeof readValue>[0]>(
  schema: T,
  value: unknown,
): Outcome<ReturnType<T['parse']>> {
  const read = readValue(schema, value);
  return read.ok ? done(read.value as ReturnType<T['parse']>) : refuse('invalid', read.because);
}

/** The first word, and the rest. */
function split(text: string): readonly string[] {
  return (
    /^\s*(\S+)\s*([\s\S]*)$/
      .exec(text)
      ?.slice(1)
      .map((one) => one.trim()) ?? []
  );
}
