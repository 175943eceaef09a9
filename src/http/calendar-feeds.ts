import rateLimit from '@fastify/rate-limit';
import { hash } from 'node:crypto';
import { z } from 'zod';
import type { AppContext } from '../app/context.ts';
import { endFeed, makeFeed, ownFeeds } from '../app/calendar/feeds.ts';
import { publishCalendar } from '../app/calendar/publish.ts';
import { valueOf } from '../app/outcome.ts';
import * as contract from '../contract/calendar-feeds.ts';
import { AppError } from '../contract/errors.ts';
import { callOf, type Api } from './api.ts';
import { answer } from './recorded.ts';

const tags = ['calendar'];
/** Of one secret: a client reads a handful of calendars every quarter of an hour. */
const READS_PER_MINUTE = 60;

/** `/api/v1/calendar/feeds`, and `/calendar/<secret>/…` where other people's calendar programs read. */
export async function registerCalendarFeeds(app: Api, context: AppContext): Promise<void> {
  registerManaging(app, context);
  await app.register(rateLimit, { global: false });
  const count = app.createRateLimit({
    max: READS_PER_MINUTE,
    timeWindow: 60_000,
    keyGenerator: ({ params }) => contract.feedFile.parse(params).secret,
  });
  app.get(
    '/calendar/:secret/:file',
    {
      config: { access: 'anyone' },
      schema: {
        tags,
        summary: 'A calendar as iCalendar; the secret in its address is what lets a reader in',
        params: contract.feedFile,
        response: {
          200: z.string().describe('`text/calendar`, RFC 5545.'),
          304: z.null().describe('The reader has this text already.'),
        },
      },
    },
    async (request, reply) => {
      const state = await count(request);
      if (!state.isAllowed && state.isExceeded) {
        reply.header('retry-after', state.ttlInSeconds);
        throw new AppError('too_many_requests');
      }
      const origin = `${request.protocol}://${request.host}`;
      const text = await publishCalendar(context, { ...request.params, origin });
      if (text === null) throw new AppError('not_found', 'expected the address of a calendar, got another');
      const etag = `"${hash('sha256', text, 'base64url')}"`;
      reply.headers({ etag, 'cache-control': 'private, no-cache' });
      const changed = lastModified(text);
      if (changed !== null) reply.header('last-modified', changed);
      // By its text alone: an event that leaves the calendar with time leaves no later instant behind.
      reply.type('text/calendar; charset=utf-8').serializer((value: string) => value);
      return request.headers['if-none-match'] === etag ? reply.code(304).send(null) : reply.send(text);
    },
  );
}

/** The newest change of an event that stands in it. */
function lastModified(text: string): string | null {
  const stamps = [...text.matchAll(/^LAST-MODIFIED:(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/gm)];
  const newest = stamps
    .map(([, year, month, day, hour, minute, second]) =>
      Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`),
    )
    .reduce((a, b) => Math.max(a, b), -Infinity);
  return Number.isFinite(newest) ? new Date(newest).toUTCString() : null;
}

function registerManaging(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/calendar/feeds',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'The caller’s own addresses of calendars', response: { 200: contract.feeds } },
    },
    async (request) => ({ feeds: await ownFeeds(context, callOf(request)) }),
  );
  app.post(
    '/api/v1/calendar/feeds',
    {
      config: { access: 'person', shownOnce: true },
      schema: {
        tags,
        summary: 'Make a secret address at which calendar programs read; it is shown once',
        body: contract.newFeed,
        response: { 201: contract.madeFeed },
      },
    },
    async (request, reply) =>
      reply.code(201).send(valueOf(await makeFeed(context, callOf(request), request.body))),
  );
  app.delete(
    '/api/v1/calendar/feeds/:id',
    {
      config: { access: 'person' },
      schema: {
        tags,
        summary: 'Revoke one’s own address of calendars',
        params: contract.feedPath,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      answer(reply, await endFeed(context, callOf(request), request.params.id));
      return reply.code(204).send(null);
    },
  );
}
