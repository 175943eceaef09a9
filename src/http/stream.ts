import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AppContext } from '../app/context.ts';
import { AppError } from '../contract/errors.ts';
import { callOf, type Api } from './api.ts';
import { stillStands } from './authentication.ts';

const BEAT_MS = 15_000;
/** A page opens one; what goes far beyond is a mistake or an attack. */
const MOST_A_PERSON = 20;
/** What a slow reader may have waiting before it is cut off; it reconnects and reads anew. */
const MOST_WAITING_BYTES = 262_144;

/**
 * `/api/v1/stream`: server-sent events. Each `recorded` event names what something was recorded about, by its ledger
 * index, and nothing more: who hears it reads it anew. `reload` says that events may have been missed.
 */
export function registerStream(app: Api, context: AppContext): void {
  const open = new Map<FastifyReply, string>();
  app.addHook('preClose', async () => {
    for (const reply of open.keys()) reply.raw.end();
  });
  app.get(
    '/api/v1/stream',
    {
      // It would never end.
      exposeHeadRoute: false,
      config: { access: 'read' },
      schema: {
        tags: ['stream'],
        summary: 'What is recorded, as it is recorded (server-sent events)',
      },
    },
    async (request, reply) => {
      const { person } = callOf(request).actor;
      if ([...open.values()].filter((one) => one === person).length >= MOST_A_PERSON) {
        throw new AppError('too_many_requests');
      }
      open.set(reply, person);
      const end = pour(context, request, reply);
      request.raw.once('close', () => {
        open.delete(reply);
        end();
      });
    },
  );
}

/** Writes events until the caller is gone; answers how to stop. */
function pour(context: AppContext, request: FastifyRequest, reply: FastifyReply): () => void {
  reply.hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
  const write = (text: string) => {
    if (raw.writableLength > MOST_WAITING_BYTES) raw.destroy();
    else if (!raw.writableEnded) raw.write(text);
  };
  // Whoever comes back has missed what was recorded meanwhile.
  write('retry: 2000\nevent: reload\ndata: {}\n\n');
  const unsubscribe = context.feed.subscribe((event) => {
    if (event === 'missed') write('event: reload\ndata: {}\n\n');
    else write(`event: recorded\nid: ${event.index}\ndata: ${JSON.stringify(event)}\n\n`);
  });
  // A capability that has ended ends the stream too.
  const beat = setInterval(() => {
    stillStands(context, request).then(
      (stands) => (stands ? write(': beat\n\n') : raw.end()),
      () => raw.end(),
    );
  }, BEAT_MS);
  return () => {
    clearInterval(beat);
    unsubscribe();
  };
}
