import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../kit/server.ts';

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
}

let server: TestServer;
let description: { openapi: string; paths: Record<string, Record<string, Operation>> };
beforeAll(async () => {
  server = await startServer();
  description = (await server.ask('GET', '/api/v1/openapi.json', { token: server.admin.token })).body;
});
afterAll(() => server.stop());

describe('openapi.json', () => {
  it('is the committed one (`npx vitest run test/http/openapi.test.ts -u` writes it)', async () => {
    await expect(`${JSON.stringify(description, null, 1)}\n`).toMatchFileSnapshot('../../openapi.json');
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
});
