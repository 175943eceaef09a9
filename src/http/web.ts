import { AppError } from '../contract/errors.ts';
import type { Api } from './api.ts';

const NOT_BUILT = 'Interlock serves its API under /api/v1. The web is not built here.\n';
const YEAR_S = 31_536_000;

/**
 * Serves the built web from a folder. Every address that is no file and not the API's is a page of it. Who is not signed in
 * gets the pages too, and no data: that comes from the API.
 */
export async function installWeb(app: Api, webRoot: string | null): Promise<void> {
  const config = { access: 'anyone' } as const;
  const schema = { hide: true } as const;
  if (webRoot === null) {
    app.get('/', { config, schema }, (_request, reply) =>
      reply.type('text/plain; charset=utf-8').send(NOT_BUILT),
    );
    return;
  }
  // Loaded only where there is something to serve.
  const { default: statics } = await import('@fastify/static');
  await app.register(statics, { root: webRoot, serve: false, dotfiles: 'deny' });
  // Their names change with their content.
  app.get('/assets/*', { config, schema }, (request, reply) =>
    reply.sendFile(pathOf(request.url), { maxAge: YEAR_S * 1_000, immutable: true }),
  );
  app.get('/*', { config, schema }, (request, reply) => {
    const file = pathOf(request.url);
    if (file.startsWith('api/')) throw new AppError('not_found');
    const page = !/\.[a-z0-9]+$/i.test(file);
    return reply.sendFile(page ? 'index.html' : file, { maxAge: 0 });
  });
}

function pathOf(url: string): string {
  return (url.split('?')[0] ?? '').slice(1);
}
