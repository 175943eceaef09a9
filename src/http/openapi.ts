import swagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ERRORS } from '../contract/errors.ts';
import type { Api } from './api.ts';
import { completeDescription, type Description } from './openapi-document.ts';

const SECURITY = {
  token: { type: 'http', scheme: 'bearer', description: 'An API token (`ilk_…`).' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'interlock_session',
    description: 'A session of the web; over TLS its name is `__Host-interlock_session`.',
  },
  bastion: {
    type: 'apiKey',
    in: 'header',
    name: 'interlock-bastion',
    description: 'The key of the host that the call comes from (`ilb_…`).',
  },
  login: {
    type: 'apiKey',
    in: 'header',
    name: 'interlock-login',
    description:
      "The operating system's name of whoever is logged in on that host, which is the name of their account here. It proves who calls at `/api/v1/stops` alone, beside the key and without token or session.",
  },
} as const;

/** Describes every route that is registered after this, and serves the description at `/api/v1/openapi.json`. */
export async function installOpenApi(app: Api, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Interlock',
        version,
        description: `Errors answer \`application/problem+json\` with \`code\` and \`message\`; the codes: ${Object.entries(
          ERRORS,
        )
          .map(([code, { status }]) => `\`${code}\` (${status})`)
          .join(', ')}.`,
      },
      components: { securitySchemes: SECURITY },
    },
    transform: jsonSchemaTransform,
    transformObject: (input) => {
      const document = jsonSchemaTransformObject(input);
      completeDescription(document as Description, app.declared);
      return document;
    },
  });
  let written: string | undefined;
  app.get(
    '/api/v1/openapi.json',
    {
      // Whoever has no token yet reads here how to bring one. It says nothing that the sources do not.
      config: { access: 'anyone' },
      schema: { tags: ['api'], summary: 'This description', response: { 200: z.unknown() } },
    },
    async (_request, reply) => {
      written ??= JSON.stringify(app.swagger());
      return reply.type('application/json; charset=utf-8').serializer(String).send(written);
    },
  );
}
