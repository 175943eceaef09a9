import type { FastifyRequest } from 'fastify';
import { AppError } from '../contract/errors.ts';
import { isPlain } from '../contract/plain-text.ts';
import type { Api } from './api.ts';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
} as const;

interface Hosts {
  readonly allowedHosts: readonly string[];
}

/** What is asked of every request, before who calls is looked at: a host name of ours. */
export function installGuards(app: Api, { allowedHosts }: Hosts): void {
  const names = new Set([...LOOPBACK_NAMES, ...allowedHosts.map((host) => hostname(host) ?? host)]);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    // A page whose name was rebound to this address still sends its own name.
    const name = hostname(request.headers.host ?? '');
    if (name === null || !names.has(name)) throw new AppError('wrong_host');
    // Of a route that there is, authentication says so: it knows whose attempt goes into the record.
    if (request.is404 && isForeign(request)) throw new AppError('forbidden');
  });
  app.addHook('preValidation', async ({ params, query }) => {
    // Whatever a route makes of it: the database holds no such text, and would fail rather than find nothing.
    if (![params, query].flatMap(textsIn).every(isPlain)) {
      throw new AppError(
        'invalid',
        'expected an address without NUL and without half a character, got one with it',
      );
    }
  });
  app.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control')) {
      reply.header('cache-control', 'no-store');
    }
  });
}

/** The texts of the parts of an address. */
function textsIn(parts: unknown): string[] {
  if (typeof parts !== 'object' || parts === null) return [];
  return Object.entries(parts)
    .flat(2)
    .filter((one) => typeof one === 'string');
}

/** Whether a request's method changes nothing. */
export function isSafe(request: FastifyRequest): boolean {
  return isReading(request.method);
}

/** Whether a method only reads. */
export function isReading(method: string): boolean {
  return SAFE_METHODS.has(method);
}

/** Whether a page of another site wants to change something. */
export function isForeign(request: FastifyRequest): boolean {
  return !isSafe(request) && request.headers.origin !== undefined && !fromOurOrigin(request);
}

/** Whether the browser says that the request comes from a page of this very host. `null` and absence say nothing. */
export function fromOurOrigin(request: FastifyRequest): boolean {
  const { origin, host } = request.headers;
  const url = URL.parse(origin ?? '');
  return url !== null && /^https?:$/.test(url.protocol) && url.host !== '' && url.host === hostOf(host);
}

/** Whether it was asked by a name of this machine alone. */
export function isAtLoopback({ headers }: FastifyRequest): boolean {
  return LOOPBACK_NAMES.includes(hostname(headers.host ?? '') ?? '');
}

function hostOf(host: string | undefined): string | undefined {
  return URL.parse(`http://${host ?? ''}/`)?.host;
}

/** The name in `name:port`, in lower case; `null` where it is no host. */
function hostname(host: string): string | null {
  if (!/^[A-Za-z0-9.:[\]_-]+$/.test(host)) return null;
  return URL.parse(`http://${host}/`)?.hostname ?? null;
}
