import { accessEntry } from '../contract/access.ts';
import type { DeclaredRoute } from './api.ts';
import { errorEntry, ERRORS, type ErrorCode } from '../contract/errors.ts';
import { ANSWER_EXAMPLES, BODY_EXAMPLES, RAW_BODIES } from '../contract/examples.ts';
import { KEPT_DAYS } from '../contract/idempotency.ts';
import { exampleOf, type Schema, type Showing } from './examples.ts';
import { isReading } from './guards.ts';
import { KEYED_IN_BODY, takesKey } from './idempotency.ts';
import { errorsOf } from './operation-errors.ts';

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required: boolean;
  readonly description: string;
  readonly schema: object;
}

/** One form of a body: its schema, and what one is like. */
interface Media {
  schema: Schema;
  example?: unknown;
}

/** To an answer that stands among the components. */
interface Reference {
  $ref: string;
}

interface Answer {
  description: string;
  headers?: Record<string, object>;
  content?: Record<string, Media>;
}

/** One operation of the document, as far as it is completed here. */
export interface Operation {
  description?: string;
  security?: readonly Record<string, readonly string[]>[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Media> };
  responses?: Record<string, Answer | Reference>;
}

/** The document, as far as it is completed here. */
export interface Description {
  readonly paths?: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema>; responses?: Record<string, Answer> };
}

/** Completes what the schemas say with what the routes declare: who may call, and by which headers they behave. */
export function completeDescription(document: Description, declared: readonly DeclaredRoute[]): void {
  // By name: they come in the order in which modules were loaded, which another beginning of the process changes.
  const components = Object.fromEntries(
    Object.entries({ ...document.components?.schemas, Problem: PROBLEM }).toSorted(([a], [b]) =>
      a < b ? -1 : 1,
    ),
  );
  const problems: Record<string, Answer> = {};
  document.components = { ...document.components, schemas: components, responses: problems };
  for (const route of declared) {
    const operation = document.paths?.[pathOf(route.url)]?.[route.method.toLowerCase()];
    if (!operation) continue;
    addAccess(operation, route);
    addConditions(operation, route);
    addKey(operation, route);
    addErrors(operation, route, problems);
    addExamples(operation, route, components);
  }
}

function pathOf(url: string): string {
  return url.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{*}');
}

function addAccess(operation: Operation, { access }: DeclaredRoute): void {
  const entry = accessEntry(access);
  operation.security = securityOf(entry);
  operation.description = `May be called by: ${entry.text}.`;
}

function securityOf({
  scope,
  bastion,
  login,
}: ReturnType<typeof accessEntry>): NonNullable<Operation['security']> {
  if (scope === null) return [];
  if (login) return [{ bastion: [], login: [] }];
  return bastion ? [{ token: [], bastion: [] }] : [{ token: [] }, { session: [] }];
}

function addConditions(operation: Operation, { method, resource }: DeclaredRoute): void {
  if (resource === undefined) return;
  const responses = (operation.responses ??= {});
  if (isReading(method)) {
    addHeader(operation, 'If-None-Match', 'The `ETag` of what the caller has; where nothing moved, 304.');
    const shown = responses['200'];
    if (shown && !('$ref' in shown)) shown.headers = { ETag };
    responses['304'] = { description: 'The caller has this already.', headers: { ETag } };
    return;
  }
  addHeader(
    operation,
    'If-Match',
    `The \`ETag\` of the ${resource} as it was read, or \`*\`. Where it was changed since, nothing is done: 412, \`stale\`.`,
  );
  addHeader(operation, 'If-None-Match', '`*`: only where there is nothing yet; otherwise 412, `stale`.');
}

function addKey(operation: Operation, { method, url }: DeclaredRoute): void {
  if (!takesKey(method, url)) return;
  const inBody = KEYED_IN_BODY.has(url);
  const description = inBody
    ? 'The same as `idempotencyKey` in the body, which names what is made for good.'
    : `Made by the client for one intention, 8 to 120 letters, digits and \`_.:-\`. The same caller's same key and request gets the answer that was given, and nothing is done again; with another request it is 409, \`conflict\`. Kept for ${KEPT_DAYS} days. A refusal is not kept. What held a secret is not shown again: 409, \`done_before\`.`;
  addHeader(operation, 'Idempotency-Key', description);
}

const ETag = {
  description:
    'Moves with everything that is shown. Sent as `If-Match` it stands for the state that was read: a conditional write compares its part before the dot, which what time and others do besides leaves alone.',
  schema: { type: 'string' },
};

function addHeader(operation: Operation, name: string, description: string): void {
  const parameter = { in: 'header', name, required: false, description, schema: { type: 'string' } };
  operation.parameters = [...(operation.parameters ?? []), parameter];
}

/** What an error is answered as; some codes have more members. */
const PROBLEM: Schema = {
  type: 'object',
  properties: { code: { type: 'string', enum: Object.keys(ERRORS) }, message: { type: 'string' } },
  required: ['code', 'message'],
  additionalProperties: true,
};

/** Refers to one answer a set of codes, so that the same is not said for every operation. */
function addErrors(operation: Operation, route: DeclaredRoute, problems: Record<string, Answer>): void {
  const hasInput = operation.requestBody !== undefined || (operation.parameters ?? []).length > 0;
  const responses = (operation.responses ??= {});
  const codes = errorsOf(route, hasInput);
  for (const status of new Set(codes.map((code) => errorEntry(code).status))) {
    const here = codes.filter((code) => errorEntry(code).status === status);
    const [first] = here;
    // A status that the route describes itself, such as a readiness that fails, is no error of the table.
    if (first === undefined || responses[String(status)]) continue;
    const name = here.join('-');
    problems[name] ??= problemOf(here, first);
    responses[String(status)] = { $ref: `#/components/responses/${name}` };
  }
}

function problemOf(codes: readonly ErrorCode[], first: ErrorCode): Answer {
  return {
    description: codes.map((code) => `\`${code}\`: ${errorEntry(code).text}`).join(' '),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        example: { code: first, message: errorEntry(first).text },
      },
    },
  };
}

const BYTES: Schema = { type: 'string', format: 'binary' };

function addExamples(
  operation: Operation,
  { method, url }: DeclaredRoute,
  components: Showing['components'],
): void {
  const where = `${method} ${url}`;
  // `/api/v1/locks/…` is about a lock.
  const about = (url.split('/')[3] ?? '').replace(/s$/, '');
  const raw = RAW_BODIES[where];
  if (raw) operation.requestBody = { content: { [raw.type]: { schema: BYTES, example: raw.example } } };
  for (const media of Object.values(operation.requestBody?.content ?? {})) {
    const own = BODY_EXAMPLES[where];
    media.example =
      own === undefined ? exampleOf(media.schema, about, { components, whole: false, within: '' }) : own;
  }
  for (const [status, answer] of Object.entries(operation.responses ?? {})) {
    if ('$ref' in answer) continue;
    for (const media of Object.values(answer.content ?? {})) {
      const own = status.startsWith('2') ? ANSWER_EXAMPLES[where] : undefined;
      media.example ??=
        own === undefined ? exampleOf(media.schema, about, { components, whole: true, within: '' }) : own;
    }
  }
}
