import type { FastifyReply, FastifyRequest } from 'fastify';
import { hash } from 'node:crypto';
import { readPublicStatus, type PublicStatus } from '../app/audience/status.ts';
import type { AppContext } from '../app/context.ts';
import { AppError } from '../contract/errors.ts';
import type { Api } from './api.ts';
import { STATUS_STYLE } from './status-style.ts';
import { rssFeed } from './status-rss.ts';
import { atomFeed, jsonFeed, statusPage } from './status-text.ts';

/** What is asked by everybody may be a minute old. */
const MAX_AGE_S = 60;

/** Nothing may be loaded, run or sent: only the style that the page bears itself is taken. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${hash('sha256', STATUS_STYLE, 'base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Form {
  readonly path: string;
  readonly type: string;
  readonly text: (status: PublicStatus, origin: string) => string;
}

const FORMS: readonly Form[] = [
  { path: '/status', type: 'text/html; charset=utf-8', text: statusPage },
  { path: '/status/feed.atom', type: 'application/atom+xml; charset=utf-8', text: atomFeed },
  { path: '/status/feed.rss', type: 'application/rss+xml; charset=utf-8', text: rssFeed },
  { path: '/status/feed.json', type: 'application/feed+json; charset=utf-8', text: jsonFeed },
];

/** `/status`: what end users may know of maintenance, as a page and as feeds, without credentials and cacheable. */
export function registerStatus(app: Api, context: AppContext): void {
  for (const { path, type, text } of FORMS) {
    app.get(path, { config: { access: 'anyone' }, schema: { hide: true } }, async (request, reply) => {
      const status = await readPublicStatus(context);
      if (status === null) throw new AppError('not_found');
      return send(request, reply, { type, text: text(status, `${request.protocol}://${request.host}`) });
    });
  }
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { type, text }: { readonly type: string; readonly text: string },
): FastifyReply {
  const etag = `"${hash('sha256', text, 'base64url')}"`;
  reply.headers({ 'content-security-policy': POLICY });
  reply.headers({ etag, 'cache-control': `public, max-age=${MAX_AGE_S}` });
  // A feed is read by programs of other sites too; there is nothing in it that is not for everybody.
  reply.headers({ 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' });
  reply.type(type).serializer(String);
  return request.headers['if-none-match'] === etag ? reply.code(304).send(null) : reply.send(text);
}
