import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AppError } from '../contract/errors.ts';
import type { Api } from './api.ts';

const NOT_BUILT = 'Interlock serves its API under /api/v1. The web is not built here.\n';
const YEAR_S = 31_536_000;
/** What the build writes where the nonce goes. */
const NONCE_PLACE = '{{nonce}}';

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
  const text = await readFile(`${webRoot}/index.html`, 'utf8');
  // Loaded only where there is something to serve.
  const { default: statics } = await import('@fastify/static');
  await app.register(statics, { root: webRoot, serve: false, dotfiles: 'deny', preCompressed: true });
  // Their names change with their content.
  app.get('/assets/*', { config, schema }, (request, reply) =>
    reply.sendFile(pathOf(request.url), { maxAge: YEAR_S * 1_000, immutable: true }),
  );
  app.get('/*', { config, schema }, (request, reply) => {
    const file = pathOf(request.url);
    if (file.startsWith('api/')) throw new AppError('not_found');
    if (file !== 'index.html' && /\.[a-z0-9]+$/i.test(file)) return reply.sendFile(file, { maxAge: 0 });
    const nonce = randomBytes(16).toString('base64');
    return reply
      .headers({ 'content-security-policy': pagePolicy(nonce, file), 'cache-control': 'no-store' })
      .type('text/html; charset=utf-8')
      .send(text.replaceAll(NONCE_PLACE, nonce));
  });
}

/** The page that shows a run's terminal: what draws it is WebAssembly. */
const RUN_PAGE = /^runs\/[^/]+\/?$/;

/**
 * What a page may load. Scripts are our files alone, and WebAssembly where a run's terminal is drawn; styles our files and, by a
 * nonce of this answer, what our own code makes as it draws.
 */
function pagePolicy(nonce: string, page: string): string {
  return [
    "default-src 'none'",
    `script-src 'self'${RUN_PAGE.test(page) ? " 'wasm-unsafe-eval'" : ''}`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function pathOf(url: string): string {
  return (url.split('?')[0] ?? '').slice(1);
}
