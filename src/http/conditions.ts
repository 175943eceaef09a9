import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AppContext } from '../app/context.ts';
import { entityTag, type Resource } from '../app/entity-tag.ts';
import { conditionOf, type Tags } from '../app/expected.ts';
import { AppError } from '../contract/errors.ts';
import type { Api } from './api.ts';
import { isSafe } from './guards.ts';

/** The part of a path that names the resource; the workday is the caller's own, and there is one directory. */
const NAMED_BY: Readonly<Record<Resource, string | null>> = {
  change: 'id',
  claim: 'claim',
  directory: null,
  incident: 'id',
  lock: 'id',
  person: 'name',
  rota: null,
  'rota-source': 'rota',
  run: 'run',
  webhook: 'id',
  workday: null,
};

/**
 * Conditional requests by RFC 9110, for every route that names its resource in `config.resource`: what is read bears an `ETag`, is
 * not sent again to a reader who has it (`If-None-Match`, 304), and a write is for what was read (`If-Match`, 412). The write's
 * own transaction compares.
 */
export function installConditions(app: Api, context: AppContext): void {
  app.addHook('preHandler', async (request) => {
    if (isSafe(request) || request.call === null) return;
    const matches = tagsOf(request, 'if-match');
    const matchesNone = tagsOf(request, 'if-none-match');
    if (matches === null && matchesNone === null) return;
    const { resource } = request.routeOptions.config;
    if (resource === undefined) throw notConditional();
    const expected = { resource, id: idOf(request, resource), matches, matchesNone };
    request.call = { ...request.call, condition: conditionOf(context, expected) };
  });
  app.addHook('preSerialization', async (request, reply, view) => {
    const { resource } = request.routeOptions.config;
    if (resource === undefined || !isSafe(request) || reply.statusCode !== 200) return view;
    const tag = entityTag(context, resource, view);
    const matches = tagsOf(request, 'if-match');
    if (matches !== null && matches !== '*' && !matches.includes(tag)) throw new AppError('stale');
    reply.header('etag', `"${tag}"`);
    return view;
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (!hasIt(request, reply)) return payload;
    void reply.code(304).removeHeader('content-type');
    return null;
  });
}

function idOf({ params, call }: FastifyRequest, resource: Resource): string {
  if (resource === 'workday') return call?.actor.person ?? '';
  const name = NAMED_BY[resource];
  const value: unknown = name === null ? '' : Object(params)[name];
  return typeof value === 'string' ? value : '';
}

/** Weak comparison: what a reader has need not be the same bytes. */
function hasIt(request: FastifyRequest, reply: FastifyReply): boolean {
  const etag = reply.getHeader('etag');
  if (!isSafe(request) || reply.statusCode !== 200 || typeof etag !== 'string') return false;
  const tags = tagsOf(request, 'if-none-match');
  return tags !== null && (tags === '*' || tags.includes(etag.slice(1, -1)));
}

/** A resource that has no tags matches none. */
function notConditional(): AppError {
  return new AppError(
    'stale',
    'expected a write without a condition, got `If-Match` or `If-None-Match` where nothing bears an `ETag`',
  );
}

const TAG = /^(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"$/;

/**
 * The tags that a header names, `null` where it is absent. `If-Match` compares strongly, so a weak one equals none there.
 *
 * @throws {AppError} `invalid`
 */
export function tagsOf(request: FastifyRequest, header: 'if-match' | 'if-none-match'): Tags | null {
  const text = request.headers[header];
  if (text === undefined) return null;
  if (text.trim() === '*') return '*';
  const strong = header === 'if-match';
  const found = elementsOf(text).map((element) => TAG.exec(element));
  if (found.length === 0 || found.includes(null)) {
    throw new AppError(
      'invalid',
      `header ${header}: expected \`*\` or tags such as \`"a", "b"\`, got another`,
    );
  }
  return found.flatMap((match) => (match === null || (strong && match[1]) ? [] : [match[2] ?? '']));
}

/** Between commas outside of quotes; a list may have empty places. */
function elementsOf(text: string): string[] {
  const elements = text.match(/(?:"[^"]*"|[^,"])+|"[^"]*$/g) ?? [];
  return elements.map((element) => element.trim()).filter((element) => element !== '');
}
