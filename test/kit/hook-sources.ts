import { createHmac } from 'node:crypto';
import type { Connection } from '../../src/app/ports/connection.ts';
import { githubDeploymentSettings } from '../../src/contract/integrations/github-deployments.ts';
import { gitlabDeploymentSettings } from '../../src/contract/integrations/gitlab-deployments.ts';
import { terraformSettings } from '../../src/contract/integrations/terraform.ts';
import { githubDeploymentConnection } from '../../src/integrations/github-deployments/connection.ts';
import { githubConnection } from '../../src/integrations/github/github.ts';
import { gitlabDeploymentConnection } from '../../src/integrations/gitlab-deployments/connection.ts';
import { gitlabConnection } from '../../src/integrations/gitlab/gitlab.ts';
import { pagerdutyConnection } from '../../src/integrations/pagerduty/pagerduty.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { slackConnection } from '../../src/integrations/slack/slack.ts';
import { terraformConnection } from '../../src/integrations/terraform/connection.ts';
import { APP_KEY, protectionRuleDelivery } from './github-deployments.ts';
import { deploymentEvent, SHA, statusCheckRequest } from './gitlab-deployments.ts';
import { runTaskRequest } from './terraform.ts';

export const SECRET = 'a-secret-that-opens-every-hook';
/** What nobody answers at: nothing of this is asked here. */
const NOWHERE = 'http://127.0.0.1:9';
const asks = {
  environment: 'illumidesk.com',
  criticality: 'C3',
  severity: 'S4',
  estimateMinutes: 5,
  rollbackMinutes: 5,
};

/** The connections that hear, each with one secret; all at one address. */
export function hearingConnections(url = NOWHERE): Connection[] {
  const [token, signing, env] = [new Secret('a-token-of-ours'), [new Secret(SECRET)], { env: 'NONE' }];
  return [
    slackConnection({ token: env, channel: 'C1', api: `${url}/api/` }, { token, signing, app: null }),
    githubConnection(
      { api: url, repository: 'ops/production', token: env, incidents: { label: 'Incident::Active' } },
      { token, hooks: signing },
    ),
    gitlabConnection(
      { url, project: 'ops/production', token: env, confidential: true },
      { token, hooks: signing },
    ),
    githubDeploymentConnection(
      githubDeploymentSettings.parse({
        address: url,
        app: 'Iv1.app',
        installation: 678,
        key: { file: 'app.pem' },
        signing: [env],
        rules: [{ repository: 'acme/shop', environment: 'production', asks }],
      }),
      { key: new Secret(APP_KEY.privateKey), signing },
    ),
    gitlabDeploymentConnection(
      gitlabDeploymentSettings.parse({
        address: url,
        token: env,
        signing: [env],
        deployments: [{ project: 'acme/shop', environment: 'production', asks }],
        statusChecks: [{ project: 'acme/shop', check: 3, asks }],
      }),
      { token, signing },
    ),
    pagerdutyConnection({ api: NOWHERE, token: env }, { token, hooks: signing }),
    terraformConnection(
      terraformSettings.parse({
        address: url,
        signing: [env],
        rules: [{ organization: 'acme', workspace: 'shop-production', asks }],
      }),
      signing,
    ),
  ];
}

/** How requests of a source are signed. */
export interface Signing {
  readonly secret?: string;
  /** Seconds since 1970, as the header says it. */
  readonly at?: string;
}

/** Whoever may tell this server something, without being signed in. */
export interface HookSource {
  readonly path: string;
  /** The text of a delivery of its own, as its peer sends it: something follows from it. */
  readonly body: (nth: number) => string;
  readonly sign: (body: string | Buffer, signing?: Signing) => Record<string, string>;
  /** The header by which it is known. */
  readonly signature: string;
  /** Headers that nobody signs: who replays may change them. */
  readonly unsigned: Readonly<Record<string, string>>;
  readonly limitBytes: number;
}

const MIB = 1_048_576;
const hmac = (secret: string, parts: readonly (string | Buffer)[], algorithm = 'sha256') =>
  parts.reduce((sum, part) => sum.update(part), createHmac(algorithm, secret));
const now = () => String(Math.floor(Date.now() / 1_000));
const JSON_TYPE = { 'content-type': 'application/json' };
const hook = (name: string) => ({ path: `/api/v1/hooks/${name}`, limitBytes: MIB });

let messages = 0;
/** The account by which the cluster asks, once there is one. */
export const cluster = { token: '' };

/** By a token in the `authorization` header, or by a signature over the bytes. */
export const SOURCES = {
  alertmanager: {
    path: '/api/v1/webhooks/alertmanager',
    limitBytes: 524_288,
    body: (nth: number) =>
      JSON.stringify({ version: '4', status: 'firing', groupKey: `g${nth}`, alerts: [] }),
    sign: (_, { secret = SECRET } = {}) => ({ ...JSON_TYPE, authorization: `Bearer ${secret}` }),
    signature: 'authorization',
    unsigned: { 'user-agent': 'another', 'idempotency-key': 'another' },
  },
  kubernetes: {
    path: '/api/v1/admission/kubernetes',
    limitBytes: 4 * MIB,
    body: (nth: number) => {
      const kind = { group: '', version: 'v1', kind: 'ConfigMap' };
      const resource = { group: '', version: 'v1', resource: 'configmaps' };
      const request = {
        uid: `u${nth}`,
        kind,
        resource,
        operation: 'UPDATE',
        userInfo: { username: 'admin' },
      };
      return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
    },
    sign: (_, { secret = cluster.token } = {}) => ({ ...JSON_TYPE, authorization: `Bearer ${secret}` }),
    signature: 'authorization',
    unsigned: {},
  },
  slack: {
    ...hook('slack'),
    body: (nth: number) =>
      new URLSearchParams({
        command: '/change',
        team_id: 'T1',
        user_id: 'U0CORA',
        user_name: 'cora',
        channel_id: 'C1',
        text: 'list',
        response_url: `${NOWHERE}/commands/1`,
        trigger_id: `trigger-${nth}`,
      }).toString(),
    sign: (body, { secret = SECRET, at = now() } = {}) => ({
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': at,
      'x-slack-signature': `v0=${hmac(secret, [`v0:${at}:`, body]).digest('hex')}`,
    }),
    signature: 'x-slack-signature',
    unsigned: { 'x-slack-retry-num': '1', 'user-agent': 'another' },
  },
  github: {
    ...hook('github'),
    body: (nth: number) =>
      JSON.stringify({
        action: 'created',
        repository: { full_name: 'ops/production' },
        issue: { number: nth },
      }),
    sign: (body, { secret = SECRET } = {}) => ({
      ...JSON_TYPE,
      'x-github-event': 'issue_comment',
      'x-hub-signature-256': `sha256=${hmac(secret, [body]).digest('hex')}`,
    }),
    signature: 'x-hub-signature-256',
    unsigned: { 'x-github-delivery': 'another' },
  },
  gitlab: {
    ...hook('gitlab'),
    body: (nth: number) =>
      JSON.stringify({
        object_kind: 'issue',
        project: { path_with_namespace: 'ops/production' },
        object_attributes: { iid: nth },
      }),
    sign: (body, { secret = SECRET, at = now() } = {}) => {
      const id = `msg_${(messages += 1)}`;
      const signature = hmac(secret, [`${id}.${at}.`, body]).digest('base64');
      return {
        ...JSON_TYPE,
        'webhook-id': id,
        'webhook-timestamp': at,
        'webhook-signature': `v1,${signature}`,
      };
    },
    signature: 'webhook-signature',
    unsigned: { 'idempotency-key': 'another', 'x-gitlab-event-uuid': 'another' },
  },
  'github-deployments': {
    ...hook('github-deployments'),
    body: () => protectionRuleDelivery(SECRET).body,
    sign: (body, { secret = SECRET } = {}) => ({
      ...JSON_TYPE,
      'x-github-event': 'deployment_protection_rule',
      'x-hub-signature-256': `sha256=${hmac(secret, [body]).digest('hex')}`,
    }),
    signature: 'x-hub-signature-256',
    unsigned: { 'x-github-delivery': 'another' },
  },
  'gitlab-deployments by token': {
    ...hook('gitlab-deployments'),
    body: (nth: number) => deploymentEvent(SECRET, { deployment_id: nth }).body,
    sign: (_, { secret = SECRET } = {}) => ({ ...JSON_TYPE, 'x-gitlab-token': secret }),
    signature: 'x-gitlab-token',
    unsigned: { 'idempotency-key': 'another', 'webhook-id': 'another' },
  },
  'gitlab-deployments of a status check': {
    ...hook('gitlab-deployments'),
    body: (nth: number) =>
      statusCheckRequest(SECRET, { object_attributes: { iid: nth, last_commit: { id: SHA } } }).body,
    sign: (body, { secret = SECRET } = {}) => ({
      ...JSON_TYPE,
      'x-gitlab-signature': hmac(secret, [body]).digest('hex'),
    }),
    signature: 'x-gitlab-signature',
    unsigned: { 'idempotency-key': 'another', 'webhook-id': 'another' },
  },
  pagerduty: {
    ...hook('pagerduty'),
    body: (nth: number) =>
      JSON.stringify({
        event: { id: `event-${nth}`, event_type: 'incident.resolved', resource_type: 'incident' },
      }),
    sign: (body, { secret = SECRET } = {}) => ({
      ...JSON_TYPE,
      'x-pagerduty-signature': `v1=${hmac(secret, [body]).digest('hex')}`,
    }),
    signature: 'x-pagerduty-signature',
    unsigned: { 'x-webhook-id': 'another', 'user-agent': 'another' },
  },
  terraform: {
    ...hook('terraform'),
    body: (nth: number) => runTaskRequest(NOWHERE, SECRET, { task_result_id: `taskrs-${nth}` }).body,
    sign: (body, { secret = SECRET } = {}) => ({
      ...JSON_TYPE,
      'x-tfc-task-signature': hmac(secret, [body], 'sha512').digest('hex'),
    }),
    signature: 'x-tfc-task-signature',
    unsigned: { 'user-agent': 'another' },
  },
} satisfies Record<string, HookSource>;
export type SourceName = keyof typeof SOURCES;
