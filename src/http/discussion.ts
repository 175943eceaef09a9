import type { AppContext } from '../app/context.ts';
import { approveChange } from '../app/change/approve.ts';
import { readChannel, readDiscussion, writeMessage } from '../app/change/discuss.ts';
import { valueOf } from '../app/outcome.ts';
import * as contract from '../contract/changes.ts';
import { channelPage, channelQuery, messages, messageView } from '../contract/channel.ts';
import type { Call } from '../app/actor.ts';
import { callOf, type Api } from './api.ts';

const tags = ['discussion'];
const params = contract.changePath;
const config = { access: 'read' } as const;

const written = messageView.or(contract.approvalView).describe('The message; or the approval that it gave.');

/** `/api/v1/changes/:id/discussion`: the built-in tracker. `/api/v1/channel`: the built-in production channel. */
export function registerDiscussion(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/changes/:id/discussion',
    { config, schema: { tags, summary: 'The discussion of a request', params, response: { 200: messages } } },
    async (request) => ({ messages: await readDiscussion(context.db, request.params.id) }),
  );
  app.post(
    '/api/v1/changes/:id/discussion',
    {
      config: { access: 'act' },
      schema: {
        tags,
        summary: 'Write on the issue of a request; with `approve`, the message is an approval in writing',
        params,
        body: contract.newMessage,
        response: { 201: written },
      },
    },
    async (request, reply) => {
      const { body, approve } = request.body;
      const message = { place: 'discussion', change: request.params.id, body } as const;
      return reply.code(201).send(await write(context, callOf(request), { ...message, approve }));
    },
  );
  registerChannel(app, context);
}

function registerChannel(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/channel',
    {
      config,
      schema: {
        tags,
        summary: 'The newest messages of the production channel',
        querystring: channelQuery,
        response: { 200: channelPage },
      },
    },
    (request) => readChannel(context.db, request.query),
  );
  app.post(
    '/api/v1/channel',
    {
      config: { access: 'act' },
      schema: {
        tags,
        summary: 'Write in the production channel; with `approve`, the message is an approval in writing',
        body: contract.newChannelMessage,
        response: { 201: written },
      },
    },
    async (request, reply) => {
      const { body, approve, change = null } = request.body;
      const message = { place: 'channel', change, body } as const;
      return reply.code(201).send(await write(context, callOf(request), { ...message, approve }));
    },
  );
}

interface Written {
  readonly place: 'discussion' | 'channel';
  readonly change: string | null;
  readonly body: string;
  readonly approve: contract.NewApproval | undefined;
}

/** A message, or a word with the message that bears it; the door that it came through is this route. */
async function write(context: AppContext, call: Call, { place, change, body, approve }: Written) {
  if (!approve || change === null) return valueOf(await writeMessage(context, call, { place, change, body }));
  const via = place === 'discussion' ? 'issue' : 'chat';
  return valueOf(
    await approveChange(context, call, change, { via, approval: approve, message: { place, body } }),
  );
}
