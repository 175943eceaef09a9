import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Hears, HeardEvent, RawRequest, Told } from '../../app/ports/connection.ts';
import type { GitlabDeploymentSettings } from '../../contract/integrations/gitlab-deployments.ts';
import { jsonOf } from '../peer/ask.ts';
import type { Secret } from '../peer/secret.ts';
import { gitlabSigned, gitlabStatusCheckSigned } from '../signatures/schemes.ts';

type Settings = Omit<GitlabDeploymentSettings, 'token' | 'signing'>;

const project = z.looseObject({ path_with_namespace: z.string().max(255) });

/** https://docs.gitlab.com/user/project/integrations/webhook_events/#deployment-events, and of jobs, which name the environment as an object. */
const deployment = z.looseObject({
  object_kind: z.literal('deployment'),
  environment: z.string().max(255),
  project,
});
const job = z.looseObject({
  object_kind: z.literal('build'),
  environment: z.looseObject({ name: z.string().max(255) }),
  project,
});

/** https://docs.gitlab.com/api/status_checks/#example-payload-sent-to-external-service */
const statusCheck = z.looseObject({
  object_kind: z.literal('merge_request'),
  project,
  object_attributes: z.looseObject({
    iid: z.int().min(1),
    last_commit: z.looseObject({ id: z.string().regex(/^[0-9a-f]{40,64}$/) }),
  }),
  external_approval_rule: z.looseObject({ id: z.int().min(1) }),
});

/** What a merge request waits for, as it stands in `answerTo`. */
export const mergeRequest = z.strictObject({ iid: z.int(), sha: z.string(), check: z.int() });

/** Hears that something waits there. What it is, GitLab is asked. */
export function hearing({ deployments }: Settings, signing: readonly Secret[]): Hears {
  const isOurs = (place: string, environment: string) =>
    deployments.some((one) => one.project === place && one.environment === environment);
  return (request) => {
    const secrets = signing.map((secret) => secret.reveal());
    const isOfCheck = request.headers['x-gitlab-signature'] !== undefined;
    if (!(isOfCheck ? gitlabStatusCheckSigned : gitlabSigned)(request, secrets))
      return { kind: 'unverified' };
    const body = jsonOf(request.body);
    const checked = statusCheck.safeParse(body);
    // A token says nothing of the bytes.
    if (checked.success !== isOfCheck) return isOfCheck ? nothing(request) : { kind: 'unverified' };
    const event = checked.success ? checkOf(checked.data) : deploymentOf(body, isOurs);
    return { ...nothing(request), events: event === null ? [] : [event] };
  };
}

/** Heard, and nothing follows. Two tellings of the same thing are one, by a name that is signed, else by their bytes. */
function nothing({ headers, body }: RawRequest): Told {
  const { 'webhook-id': id, 'webhook-signature': signature, 'x-gitlab-signature': check } = headers;
  const named = check === undefined && signature !== undefined ? id : undefined;
  return { kind: 'heard', delivery: named ?? createHash('sha256').update(body).digest('hex'), events: [] };
}

function deploymentOf(
  body: unknown,
  isOurs: (place: string, environment: string) => boolean,
): HeardEvent | null {
  const read = z.union([deployment, job]).safeParse(body);
  if (!read.success) return null;
  const { environment: named, project: of } = read.data;
  const environment = typeof named === 'string' ? named : named.name;
  const place = of.path_with_namespace;
  return isOurs(place, environment)
    ? { kind: 'deployment-asked', place, environment, answerTo: 'deployments' }
    : null;
}

function checkOf({
  project: of,
  object_attributes: { iid, last_commit },
  external_approval_rule: { id },
}: z.infer<typeof statusCheck>): HeardEvent {
  return {
    kind: 'deployment-asked',
    place: of.path_with_namespace,
    environment: `!${iid}`,
    answerTo: JSON.stringify({ iid, sha: last_commit.id, check: id }),
  };
}
