import {
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebClient,
  type WebClientOptions,
} from '@slack/web-api';
import type { Seen, Taken } from '../../app/ports/connection.ts';
import { boundedFetch } from '../outbound/bounded-fetch.ts';
import { lied, whyNot } from '../peer/ask.ts';
import { retryAfterMs } from '../peer/retry-after.ts';
import type { Secret } from '../peer/secret.ts';

const IGNORED = () => undefined;
/** What the client logs may hold what was sent: what matters of it is in what it throws. */
export const SILENT: NonNullable<WebClientOptions['logger']> = {
  debug: IGNORED,
  info: IGNORED,
  warn: IGNORED,
  error: IGNORED,
  setLevel: IGNORED,
  getLevel: () => LogLevel.ERROR,
  setName: IGNORED,
};

/** No method that is called answers more. */
const MAX_BYTES = 1_048_576;

/** Where Slack's Web API is, and as whom it is asked. */
export interface SlackWeb {
  readonly api: string;
  readonly token: Secret;
}

/**
 * Calls a method of the Web API, with Slack's own client. It does not retry, and no redirect is followed. What came back is read by
 * `read`, which gives `null` where it is not what the method answers.
 */
export async function callSlack(web: SlackWeb, method: string, calling: Calling<string>): Promise<Taken> {
  const seen = await askSlack(web, method, calling);
  return seen.kind === 'seen' ? { kind: 'taken', receipt: seen.found } : seen;
}

/** The same, for whoever needs more of the answer than a receipt. */
export async function askSlack<T>(
  { api, token }: SlackWeb,
  method: string,
  { sends = {}, instead, read, signal }: Calling<T>,
): Promise<Seen<T>> {
  const { host } = new URL(api);
  // Made for each use: the client keeps the token where whoever looks at it sees it.
  const client = new WebClient(token.reveal(), {
    slackApiUrl: api,
    logger: SILENT,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    fetch: boundedFetch(signal, MAX_BYTES),
  });
  try {
    const answer = await client.apiCall(method, { ...sends });
    const found = answer.ok ? read(answer as unknown as Answered) : null;
    return found === null ? lied(host, `an answer to \`${method}\``) : { kind: 'seen', found };
  } catch (error) {
    const isNo = error instanceof WebAPIPlatformError;
    if (instead && isNo && instead.of.has(error.data.error))
      return askSlack({ api, token }, method, { sends: instead.sends, read, signal });
    return whyNotTaken(error, host, signal);
  }
}

/** What a method answered, beside `ok`. */
export type Answered = Readonly<Record<string, unknown>>;

interface Calling<T> {
  readonly sends?: Readonly<Record<string, unknown>>;
  /** What is sent in its place where the method says one of these errors. */
  readonly instead?:
    { readonly of: ReadonlySet<string>; readonly sends: Readonly<Record<string, unknown>> } | undefined;
  readonly read: (answer: Answered) => T | null;
  readonly signal: AbortSignal;
}

type No = Exclude<Taken, { kind: 'taken' }>;

/** What Slack's own client threw, in words of ours: what a peer says is not repeated. */
export function whyNotTaken(error: unknown, host: string, signal: AbortSignal): No {
  if (error instanceof WebAPIRateLimitedError)
    return {
      kind: 'later',
      because: `expected \`${host}\` to take it, got status 429`,
      retryAfterMs: error.retryAfter * 1_000,
    };
  if (error instanceof WebAPIPlatformError) return refusedBy(error.data.error, host);
  if (error instanceof WebAPIHTTPError) {
    const rest = retryAfterMs(error.headers['retry-after'], Date.now());
    return whyNot(error.statusCode, host, rest) ?? lied(host, 'an answer that can be read');
  }
  const got = signal.aborted ? 'none in time' : 'none that can be read';
  return { kind: 'later', because: `expected an answer of \`${host}\`, got ${got}`, retryAfterMs: null };
}

/**
 * Errors that Slack documents as its own trouble, and those that a person sets right over there: a token, a scope, a channel. The message
 * waits for that.
 */
const LATER: ReadonlySet<string> = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  'accesslimited',
  'access_denied',
  'account_inactive',
  'invalid_auth',
  'not_authed',
  'token_expired',
  'token_revoked',
  'missing_scope',
  'no_permission',
  'org_login_required',
  'ekm_access_denied',
  'not_in_channel',
  'channel_not_found',
  'is_archived',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_only_channel',
  'not_allowed_token_type',
  'team_access_not_granted',
  'two_factor_setup_required',
]);

/** Of these it is the credential itself: of a person's, only that person can give another. */
const CREDENTIAL: ReadonlySet<string> = new Set([
  'account_inactive',
  'invalid_auth',
  'not_authed',
  'token_expired',
  'token_revoked',
  'missing_scope',
]);

function refusedBy(code: unknown, host: string): No {
  // A code is a few words with underscores; anything else is not repeated.
  const isCode = typeof code === 'string' && /^[a-z]{2,}(_[a-z]+)*$/.test(code) && code.length <= 60;
  if (!isCode) return lied(host, 'the code of an error');
  const because = `expected \`${host}\` to take it, got \`${code}\``;
  if (!LATER.has(code)) return { kind: 'refused', because };
  return {
    kind: 'later',
    because,
    retryAfterMs: null,
    ...(CREDENTIAL.has(code) && { credential: 'refused' }),
  };
}
