import type { Taken, Talk } from '../../app/ports/connection.ts';
import { askPeer } from '../peer/ask.ts';
import { blocksOf, escaped } from './blocks.ts';
import { viewOf } from './form.ts';
import { postMessage } from './post.ts';
import { callSlack, type Answered, type SlackWeb } from './web.ts';

/** Where Slack takes answers to one person. */
const ANSWERS = 'https://hooks.slack.com';

/** How people are answered: alone, and in forms. */
export function slackTalk(web: SlackWeb): Talk {
  return {
    isPerson: (account, signal) => isPerson(web, account, signal),
    tell: (account, message, signal) =>
      postMessage(web, account.split('/')[1] ?? '', { ...message, thread: null }, signal),
    answer: (reply, text, signal) => answer(web, reply, text, signal),
    openForm: (trigger, form, signal) =>
      callSlack(web, 'views.open', {
        sends: { trigger_id: trigger, view: viewOf(form) },
        read: viewIn,
        signal,
      }),
    showForm: (handle, form, signal) => {
      const [view, hash] = handle.split(' ');
      const sends = { view_id: view, ...(hash !== undefined && { hash }), view: viewOf(form) };
      return callSlack(web, 'views.update', { sends, read: viewIn, signal });
    },
  };
}

/** Asked of Slack itself: what a name looks like says nothing. */
async function isPerson(web: SlackWeb, account: string, signal: AbortSignal): Promise<Taken> {
  const [, user = ''] = account.split('/');
  const said = await callSlack(web, 'users.info', { sends: { user }, read: kindOf, signal });
  if (said.kind !== 'taken' || said.receipt === 'person') return said;
  return {
    kind: 'refused',
    because: `expected the account of a person, got one of ${said.receipt ?? 'nobody'}`,
  };
}

function kindOf({ user }: Answered): string | null {
  if (typeof user !== 'object' || user === null) return null;
  const { is_bot: bot, deleted } = user as Answered;
  if (typeof bot !== 'boolean') return null;
  if (bot) return 'a bot';
  return deleted === true ? 'somebody who was removed' : 'person';
}

async function answer(web: SlackWeb, reply: string, text: string, signal: AbortSignal): Promise<Taken> {
  const origin = URL.parse(reply)?.origin;
  if (origin !== ANSWERS && origin !== new URL(web.api).origin)
    return { kind: 'refused', because: 'expected an address of Slack to answer at, got another' };
  const json = { response_type: 'ephemeral', text: escaped(text), blocks: blocksOf(text) };
  const asked = await askPeer({ url: reply, method: 'POST', json, signal });
  return asked.ok ? { kind: 'taken', receipt: 'answered' } : asked.taken;
}

function viewIn({ view }: Answered): string | null {
  const id = (view as Answered | undefined)?.['id'];
  return typeof id === 'string' ? id : null;
}
