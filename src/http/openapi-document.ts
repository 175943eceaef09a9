import { accessEntry } from '../contract/access.ts';
import type { DeclaredRoute } from './api.ts';
import { KEPT_DAYS } from '../contract/idempotency.ts';
import { isReading } from './guards.ts';
import { KEYED_IN_BODY, takesKey } from './idempotency.ts';

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required: boolean;
  readonly description: string;
  readonly schema: object;
}

interface Answer {
  description: string;
  headers?: Record<string, object>;
  content?: Record<string, object>;
}

/** One operation of the document, as far as it is completed here. */
export interface Operation {
  description?: string;
  security?: readonly Record<string, readonly string[]>[];
  parameters?: Parameter[];
  responses?: Record<string, Answer>;
}

/** The document, as far as it is completed here. */
export interface Description {
  readonly paths?: Record<string, Record<string, Operation>>;
}

/** Completes what the schemas say with what the routes declare: who may call, and by which headers they behave. */
export function completeDescription(document: Description, declared: readonly DeclaredRoute[]): void {
  for (const route of declared) {
    const operation = document.paths?.[pathOf(route.url)]?.[route.method.toLowerCase()];
    if (!operation) continue;
    addAccess(operation, route);
    addConditions(operation, route);
    addKey(operation, route);
  }
}

function pathOf(url: string): string {
  return url.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{*}');
}

function addAccess(operation: Operation, { access }: DeclaredRoute): void {
  const entry = accessEntry(access);
  const bastion = entry.bastion ? { bastion: [] } : {};
  operation.security =
    entry.scope === null ? [] : [{ token: [], ...bastion }, ...(entry.bastion ? [] : [{ session: [] }])];
  operation.description = `May be called by: ${entry.text}.`;
}

function addConditions(operation: Operation, { method, resource }: DeclaredRoute): void {
  if (resource === undefined) return;
  const responses = (operation.responses ??= {});
  if (isReading(method)) {
    addHeader(operation, 'If-None-Match', 'The `ETag` of what the caller has; where nothing moved, 304.');
    if (responses['200']) responses['200'].headers = { ETag };
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
