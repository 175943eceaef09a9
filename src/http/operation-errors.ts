import { accessEntry } from '../contract/access.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { DeclaredRoute } from './api.ts';
import { isReading } from './guards.ts';
import { takesKey } from './idempotency.ts';

/** What may be answered to anything at all. */
const ANYTHING: readonly ErrorCode[] = ['wrong_host', 'internal', 'unavailable'];
/** `stale` also where nothing bears a tag: a condition there is never met. */
const WRITES: readonly ErrorCode[] = ['invalid', 'not_permitted', 'conflict', 'stale', 'no_evidence'];
/** What executes asks the policy, under a lease, with a clock. */
const EXECUTES: readonly ErrorCode[] = [
  'refused',
  'run_live',
  'old_epoch',
  'lease_lost',
  'clock_skew',
  'too_early',
  'stale',
  'exists',
  'ledger_frozen',
  'policy_superseded',
];

/** Codes beside those that follow from what a route is, by the beginning of its path. */
const BY_PATH: readonly (readonly [path: RegExp, codes: readonly ErrorCode[]])[] = [
  [/^\/api\/v1\/(runs|claims)/, EXECUTES],
  [/^\/api\/v1\/changes\/:change\//, [...EXECUTES, 'reauthentication_required']],
  [/^\/api\/v1\/changes\/:change\/runs$/, ['targets_differ']],
  [/^\/api\/v1\/changes\/:id\/schedule/, ['refused', 'ledger_frozen', 'policy_superseded']],
  [/^\/api\/v1\/changes\/:id\/approvals/, ['stale', 'reauthentication_required']],
  [/^\/api\/v1\/changes\/:id\/(exceptions|verbal)/, ['stale', 'reauthentication_required']],
  [/^\/api\/v1\/changes(\/:id)?$/, ['stale']],
  [/^\/api\/v1\/changes\/:id\/attachments$/, ['too_large', 'unsupported_media_type']],
  [/^\/api\/v1\/locks/, ['stale', 'reauthentication_required']],
  [/^\/api\/v1\/stops/, ['run_live']],
  [/^\/api\/v1\/vetoes/, ['reauthentication_required']],
  [/^\/api\/v1\/people/, ['exists', 'last_admin', 'reauthentication_required', 'done_before']],
  [/^\/api\/v1\/(directory|tokens)/, ['last_admin', 'reauthentication_required']],
  [/^\/api\/v1\/bastions/, ['exists', 'reauthentication_required']],
  [/^\/api\/v1\/incidents/, ['exists']],
  [/^\/api\/v1\/rota/, ['overlap', 'exists']],
  [/^\/api\/v1\/(session|sign-in|authentications)/, ['unauthenticated', 'forbidden', 'too_many_requests']],
  [/^\/api\/v1\/(ledger|decisions)/, ['ledger_frozen', 'policy_superseded', 'not_found']],
  [/^\/api\/v1\/account-links/, ['reauthentication_required']],
  [/^\/api\/v1\/admission/, ['ledger_frozen', 'policy_superseded']],
  [/^\/api\/v1\/hooks/, ['unauthenticated', 'too_large']],
  [/^\/api\/v1\/webhooks\/alertmanager/, ['unauthenticated', 'not_found']],
  [/^\/calendar/, ['not_found', 'too_many_requests']],
];

/** The codes that an operation may answer with, beside its success. */
export function errorsOf(route: DeclaredRoute, hasInput: boolean): readonly ErrorCode[] {
  const { url, method, access, resource, shownOnce } = route;
  const { scope, loopback } = accessEntry(access);
  const writes = !isReading(method);
  const asked = BY_PATH.filter(([path]) => path.test(url)).flatMap(([, codes]) => codes);
  const reads: readonly ErrorCode[] = ['not_found', 'unauthenticated', 'forbidden', 'too_many_requests'];
  const codes: readonly ErrorCode[] = [
    ...ANYTHING,
    ...(scope === null ? [] : (['unauthenticated', 'forbidden', 'too_many_requests'] as const)),
    ...(loopback ? (['forbidden'] as const) : []),
    ...(hasInput ? (['invalid'] as const) : []),
    ...(url.includes(':') || url.includes('*') || writes ? (['not_found'] as const) : []),
    ...(writes ? [...WRITES, 'too_large' as const, 'unsupported_media_type' as const] : []),
    ...(resource === undefined ? [] : (['stale', 'invalid'] as const)),
    ...(takesKey(method, url) && shownOnce ? (['done_before'] as const) : []),
    ...(writes ? asked : asked.filter((code) => reads.includes(code))),
  ];
  return [...new Set(codes)];
}
