import { z } from 'zod';
import type { AppContext } from '../app/context.ts';
import { attach, listAttachments, readAttachment } from '../app/change/attach.ts';
import { valueOf } from '../app/outcome.ts';
import * as contract from '../contract/attachments.ts';
import { changePath } from '../contract/changes.ts';
import { callOf, type Api } from './api.ts';

const tags = ['changes'];
const read = { access: 'read' } as const;

/** `/api/v1/changes/:id/attachments`: files that people add to a request. */
export async function registerAttachments(app: Api, context: AppContext): Promise<void> {
  registerReading(app, context);
  await app.register(async (scope: Api) => {
    // The bytes as they came, JSON too: the body is the file.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post(
      '/api/v1/changes/:id/attachments',
      {
        config: { access: 'act' },
        bodyLimit: contract.ATTACHMENT_BYTES,
        schema: {
          tags,
          summary: 'Attach a file; the body is the file, `content-type` its type, at most 5 MiB',
          params: changePath,
          querystring: contract.attachQuery,
          response: { 201: contract.attachmentView },
        },
      },
      async (request, reply) => {
        const { params, query, headers, body } = request;
        const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
        const sent = { name: query.name, declared: headers['content-type'] ?? '', bytes };
        return reply.code(201).send(valueOf(await attach(context, callOf(request), params.id, sent)));
      },
    );
  });
}

function registerReading(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/changes/:id/attachments',
    {
      config: read,
      schema: {
        tags,
        summary: 'What is attached to a request',
        params: changePath,
        response: { 200: contract.attachments },
      },
    },
    async ({ params }) => ({ attachments: await listAttachments(context, params.id) }),
  );
  app.get(
    '/api/v1/changes/:id/attachments/:number',
    {
      config: read,
      schema: {
        tags,
        summary: 'One attachment, as it came',
        params: contract.attachmentPath,
        response: { 200: z.unknown().describe('The file.') },
      },
    },
    async ({ params: { id, number } }, reply) => {
      const { name, mediaType, bytes } = await readAttachment(context, id, number);
      return (
        reply
          // Never shown by a browser within our origin, whatever it is.
          .header('content-disposition', dispositionOf(name))
          .header('content-security-policy', "sandbox; default-src 'none'")
          .type(mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType)
          .send(bytes)
      );
    },
  );
}

/** `attachment` with the name as RFC 6266 has it: an ASCII one for the old, and the real one. */
function dispositionOf(name: string): string {
  const ascii = name.replaceAll(/[^\x20-\x7e]|["\\%]/gu, '_');
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
