import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod';
import type { AppContext } from '../app/context.ts';
import { AppError, errorEntry, type ErrorCode } from '../contract/errors.ts';
import { unavailableDatabase } from '../app/unavailable.ts';
import type { Api } from './api.ts';

interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  readonly [member: string]: unknown;
}

/** Answers with an error of the table. */
export function sendError(reply: FastifyReply, error: AppError): FastifyReply {
  const body: ErrorBody = { ...error.details, code: error.code, message: error.message };
  return sendBody(reply, body);
}

/** Answers a refusal of the policy: 409, with the decision beside the code. */
export function sendRefusal(reply: FastifyReply, decision: unknown, message?: string): FastifyReply {
  return sendError(reply, new AppError('refused', message, { details: { decision } }));
}

/** Maps whatever was thrown to one answer; what is not ours is logged and told to nobody. */
export function installErrors(app: Api, context: AppContext): void {
  app.setErrorHandler((error, request, reply) => sendError(reply, toAppError(error, request, context)));
  app.setNotFoundHandler((_request, reply) => sendError(reply, new AppError('not_found')));
}

function toAppError(error: unknown, request: FastifyRequest, context: AppContext): AppError {
  if (error instanceof AppError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) return invalid(error.validation, error.validationContext);
  const known = isResponseSerializationError(error) ? null : fastifyError(error);
  if (known) return known;
  const unavailable = unavailableDatabase(error);
  context.log.error(
    { request: request.id, method: request.method, route: request.routeOptions.url, error: describe(error) },
    unavailable ? 'the database did not answer' : 'a request failed',
  );
  return new AppError(unavailable ? 'unavailable' : 'internal');
}

interface ValidationIssue {
  readonly instancePath: string;
  readonly message?: string;
  readonly params?: { readonly errors?: readonly Alternative[] };
}

function invalid(issues: readonly ValidationIssue[], part: string | undefined): AppError {
  const problems = issues.flatMap(inAlternative).map((issue) => ({
    path: `${part ?? 'body'}${issue.instancePath}`,
    message: issue.message ?? 'not valid',
  }));
  const first = problems[0];
  return new AppError('invalid', first ? `${first.path}: ${first.message}` : undefined, {
    details: { problems },
  });
}

/** What one of several forms of a value finds wrong with it. */
type Alternative = readonly {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}[];

/** Of a value that may have several forms: what is wrong with it as the one that it is most like, by its fields. */
function inAlternative(issue: ValidationIssue): readonly ValidationIssue[] {
  const [first, ...others] = (issue.params?.errors ?? []).filter((found) => found.length > 0);
  if (first === undefined) return [issue];
  const nearest = others.reduce((best, one) => (distance(one) < distance(best) ? one : best), first);
  const base = issue.instancePath.replace(/\/$/, '');
  return nearest.map(({ path, message }) => ({
    instancePath: `${base}/${path.map(String).join('/')}`,
    message,
  }));
}

/** A field that a form does not have says more than one that it lacks. */
function distance(found: Alternative): number {
  return found.reduce((sum, { keys }) => sum + 1 + 10 * (keys?.length ?? 0), 0);
}

const FASTIFY_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid',
  FST_ERR_BAD_URL: 'not_found',
};

function fastifyError(error: unknown): AppError | null {
  if (!(error instanceof Error)) return null;
  const code = 'code' in error && typeof error.code === 'string' ? FASTIFY_CODES[error.code] : undefined;
  if (code) return new AppError(code, undefined, { cause: error });
  const status = 'statusCode' in error ? error.statusCode : undefined;
  // The body's parser: bad JSON, `__proto__` as a key.
  if (status === 400) return new AppError('invalid', 'expected a body of JSON', { cause: error });
  // A file that is not there, or that nobody may have.
  return status === 403 || status === 404 ? new AppError('not_found', undefined, { cause: error }) : null;
}

function sendBody(reply: FastifyReply, body: ErrorBody): FastifyReply {
  const { status } = errorEntry(body.code);
  // RFC 9110, 15.5.2: how one proves who one is. Nothing is said of why it was refused.
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  // Past the route's serializer: an error has one shape, whatever the route answers when all is well.
  return reply
    .code(status)
    .type('application/problem+json; charset=utf-8')
    .serializer((value: unknown) => JSON.stringify(value))
    .send(body);
}

function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? {} : { cause: describe(error.cause) };
  return { name: error.name, message: error.message, stack: error.stack, ...cause };
}
