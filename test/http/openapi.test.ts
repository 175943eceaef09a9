import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ERRORS } from '../../src/contract/errors.ts';
import { startServer, type TestServer } from '../kit/server.ts';

interface Media {
  readonly schema: unknown;
  readonly example?: unknown;
}

interface Answer {
  readonly $ref?: string;
  readonly content?: Record<string, Media>;
}

interface Operation {
  readonly requestBody?: { readonly content: Record<string, Media> };
  readonly responses: Record<string, Answer>;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
}

/** What takes bytes as they are has no schema; its body is shown all the same. */
const RAW: Readonly<Record<string, z.ZodType>> = {
  'POST /api/v1/changes/:id/attachments': z.string(),
  'PUT /api/v1/runs/:run/files/:kind/:name': z.string(),
};

let server: TestServer;
let description: {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, Answer> };
};
beforeAll(async () => {
  server = await startServer();
  description = (await server.ask('GET', '/api/v1/openapi.json', { token: server.admin.token })).body;
});
afterAll(() => server.stop());

describe('openapi.json', () => {
  it('is the committed one (`npx vitest run test/http/openapi.test.ts -u` writes it)', async () => {
    await expect(`${JSON.stringify(description, null, 1)}\n`).toMatchFileSnapshot('../../openapi.json');
  });

  it('is there for whoever has no credentials yet', async () => {
    const { status, headers, body } = await server.ask('GET', '/api/v1/openapi.json');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(body).toEqual(description);
  });

  it('describes every route of the API, and who may call it', () => {
    const described = Object.entries(description.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const registered = server.routes
      .filter(({ method, url }) => method !== 'HEAD' && /^\/(api|calendar|healthz|readyz|metrics)/.test(url))
      .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{*}')}`);
    expect(described.toSorted()).toEqual(registered.toSorted());
    for (const operation of Object.values(description.paths).flatMap((one) => Object.values(one))) {
      expect(operation.summary).toBeTruthy();
      expect(operation.tags).toHaveLength(1);
      expect(operation.description).toMatch(/^May be called by: /);
      expect(operation.security).toBeDefined();
    }
  });

  it('shows for every body and every answer one that its schema accepts', () => {
    const wrong: string[] = [];
    const check = (what: string, schema: unknown, media: Media | undefined) => {
      if (!(schema instanceof z.ZodType)) return;
      if (media?.example === undefined || media.example === null) wrong.push(`${what}: no example`);
      else {
        const read = schema.safeParse(media.example);
        if (!read.success) wrong.push(`${what}: ${JSON.stringify(read.error.issues.slice(0, 3))}`);
      }
    };
    let seen = 0;
    for (const { method, url, schema } of server.routes) {
      const path = url.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{*}');
      const operation = description.paths[path]?.[method.toLowerCase()];
      if (!operation || !schema) continue;
      seen += 1;
      const where = `${method} ${url}`;
      const body = Object.values(operation.requestBody?.content ?? {})[0];
      check(`body of ${where}`, schema.body ?? RAW[where], body);
      for (const [status, answer] of Object.entries(Object(schema.response) as Record<string, unknown>)) {
        const media = Object.values(operation.responses[status]?.content ?? {})[0];
        if (answer instanceof z.ZodNull) expect(media, where).toBeUndefined();
        else check(`${status} of ${where}`, answer, media);
      }
    }
    expect(seen).toBe(Object.values(description.paths).flatMap((one) => Object.keys(one)).length);
    expect(wrong).toEqual([]);
  });

  it('names the errors of every operation, and each code with its status', () => {
    const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ where: `${method} ${path}`, ...operation })),
    );
    for (const { where, responses, security = [] } of operations) {
      const wanted = ['421', '500', '503', ...(security.length > 0 ? ['401', '403', '429'] : [])];
      expect(Object.keys(responses), where).toEqual(expect.arrayContaining(wanted));
      for (const [status, { $ref }] of Object.entries(responses)) {
        if ($ref === undefined) continue;
        const codes = ($ref.split('/').at(-1) ?? '').split('-');
        const statuses = Object.entries(ERRORS).flatMap(([code, entry]) =>
          codes.includes(code) ? [String(entry.status)] : [],
        );
        expect(statuses, `${where} ${status}`).toEqual(codes.map(() => status));
      }
    }
    for (const { content } of Object.values(description.components.responses))
      expect(content?.['application/problem+json']?.example).toMatchObject({ code: expect.any(String) });
  });
});
