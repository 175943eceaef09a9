import { createHmac } from 'node:crypto';
import type { RawRequest } from '../../app/ports/connection.ts';
import { anySame } from './same.ts';

/** Clocks may be so far apart, and a request so long under way; what is older is replayed. */
const TOLERANCE_S = 300;
/** Whoever signs with several secrets sends several; no one has more than that. */
const MOST_SIGNATURES = 10;

/**
 * Whether a request is from whoever has one of the secrets: over the bytes as they came, compared in constant time on digests. Two
 * secrets are live while one takes over from the other.
 */
export type Scheme = (request: RawRequest, secrets: readonly string[]) => boolean;

/** Slack: `v0=` and the hex HMAC-SHA256 of `v0:timestamp:body`, within five minutes. */
export const slackSigned: Scheme = ({ headers, body, receivedAtMs }, secrets) => {
  const sent = headers['x-slack-request-timestamp'] ?? '';
  if (!isRecent(sent, receivedAtMs)) return false;
  const given = [headers['x-slack-signature'] ?? ''];
  return anySame(
    given,
    secrets.map((secret) => `v0=${hmac(secret, `v0:${sent}:`, body).toString('hex')}`),
  );
};

/** GitHub: `sha256=` and the hex HMAC-SHA256 of the body. It bears no time: who hears it remembers its delivery. */
export const githubSigned: Scheme = ({ headers, body }, secrets) => {
  const given = [headers['x-hub-signature-256'] ?? ''];
  return anySame(
    given,
    secrets.map((secret) => `sha256=${hmac(secret, '', body).toString('hex')}`),
  );
};

/** GitLab, the older way: the secret itself. It bears no time: who hears it remembers its delivery. */
export const gitlabToken: Scheme = ({ headers }, secrets) =>
  anySame([headers['x-gitlab-token'] ?? ''], secrets);

/** GitLab, the newer way, where it sends one; else the older. A request that bears a signature stands on it alone. */
export const gitlabSigned: Scheme = (request, secrets) => {
  const signed = request.headers['webhook-signature'] !== undefined;
  return signed ? standardSigned(request, secrets) : gitlabToken(request, secrets);
};

/** GitLab's status checks: the hex HMAC-SHA256 of the body. It bears no time: GitLab is asked what waits. */
export const gitlabStatusCheckSigned: Scheme = ({ headers, body }, secrets) => {
  const given = [headers['x-gitlab-signature'] ?? ''];
  return anySame(
    given,
    secrets.map((secret) => hmac(secret, '', body).toString('hex')),
  );
};

/** PagerDuty: one or more of `v1=` and the hex HMAC-SHA256 of the body, with commas between. Any may match. */
export const pagerdutySigned: Scheme = ({ headers, body }, secrets) => {
  const given = listOf(headers['x-pagerduty-signature'], ',');
  return anySame(
    given,
    secrets.map((secret) => `v1=${hmac(secret, '', body).toString('hex')}`),
  );
};

/** Terraform: the hex HMAC-SHA512 of the body. It bears no time: who hears it remembers the result that it asks for. */
export const terraformSigned: Scheme = ({ headers, body }, secrets) => {
  const given = [headers['x-tfc-task-signature'] ?? ''];
  return anySame(
    given,
    secrets.map((secret) => createHmac('sha512', secret).update(body).digest('hex')),
  );
};

/** Standard Webhooks: `v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`, with spaces between several, within five minutes. */
export const standardSigned: Scheme = ({ headers, body, receivedAtMs }, secrets) => {
  const { 'webhook-id': id = '', 'webhook-timestamp': sent = '' } = headers;
  if (id === '' || !isRecent(sent, receivedAtMs)) return false;
  const given = listOf(headers['webhook-signature'], ' ');
  return anySame(
    given,
    secrets.map((secret) => `v1,${hmac(keyOf(secret), `${id}.${sent}.`, body).toString('base64')}`),
  );
};

/** `whsec_` and the base64 of the key's bytes; without it the text is the key. */
export function keyOf(secret: string): string | Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret;
}

function listOf(header: string | undefined, between: string): readonly string[] {
  const list = (header ?? '').split(between).map((one) => one.trim());
  return list.filter((one) => one !== '').slice(0, MOST_SIGNATURES);
}

/** Whole seconds since 1970, and near now in both directions. */
function isRecent(text: string, nowMs: number): boolean {
  if (!/^\d{1,12}$/.test(text)) return false;
  return Math.abs(nowMs / 1_000 - Number(text)) <= TOLERANCE_S;
}

function hmac(secret: string | Buffer, before: string, body: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(before).update(body).digest();
}
