import { z } from 'zod';
import type { Connection, Hears, HeardEvent, Taken } from '../../app/ports/connection.ts';
import type { AskedDeployment, Deployments } from '../../app/ports/deployments.ts';
import type { TerraformSettings } from '../../contract/integrations/terraform.ts';
import { askPeer, jsonOf, lied } from '../peer/ask.ts';
import { seal, unseal } from '../peer/sealed.ts';
import type { Secret } from '../peer/secret.ts';
import { terraformSigned } from '../signatures/schemes.ts';

const NAME = 'terraform';

/** https://developer.hashicorp.com/terraform/cloud-docs/api-docs/run-tasks/run-tasks-integration#run-task-request */
const taskRequest = z.looseObject({
  payload_version: z.literal(1),
  access_token: z.string().min(1),
  // Of the request that is made when a run task is set up: `test`.
  stage: z.string().max(40),
  task_result_id: z.string().min(1).max(200),
  task_result_callback_url: z.string(),
  organization_name: z.string().max(200),
  workspace_name: z.string().max(200),
});

const lent = z.strictObject({ url: z.string(), token: z.string() });

type Settings = Omit<TerraformSettings, 'signing'>;

/**
 * A run task: Terraform tells that a run is at a stage and lends a token for the one answer, which is sent to its callback
 * (https://developer.hashicorp.com/terraform/cloud-docs/api-docs/run-tasks/run-tasks-integration#run-task-callback). Until then the run waits;
 * after ten minutes Terraform takes silence for a no, where the task is mandatory.
 */
export function terraformConnection(settings: Settings, signing: readonly Secret[]): Connection {
  const { host } = new URL(settings.address);
  const secrets = () => signing.map((secret) => secret.reveal());
  return {
    name: NAME,
    peer: host,
    offers: { deployments: deploymentsOf(settings, secrets) },
    hears: hearing(settings, secrets),
    // Without the token of a run there is nothing to ask for but whether it is there (https://developer.hashicorp.com/terraform/cloud-docs/api-docs/ping).
    test: async (signal): Promise<Taken> => {
      const answer = await askPeer({ url: `${settings.address}/api/v2/ping`, method: 'GET', signal });
      return answer.ok ? { kind: 'taken', receipt: `${host} answers` } : answer.taken;
    },
  };
}

function hearing({ address }: Settings, secrets: () => readonly string[]): Hears {
  return (request) => {
    const keys = secrets();
    if (!terraformSigned(request, keys)) return { kind: 'unverified' };
    const read = taskRequest.safeParse(jsonOf(request.body));
    // Signed and not understood: nothing is answered, so the run does not go on.
    if (!read.success) return { kind: 'answered', contentType: 'text/plain', body: '' };
    const { task_result_id: delivery } = read.data;
    const event = eventOf(address, keys[0] ?? '', read.data);
    return { kind: 'heard', delivery, events: event === null ? [] : [event] };
  };
}

function eventOf(address: string, key: string, task: z.infer<typeof taskRequest>): HeardEvent | null {
  if (task.stage === 'test') return null;
  const url = URL.parse(task.task_result_callback_url);
  // INVARIANT: a token that was lent goes back to the peer of the configuration and nowhere else.
  if (
    url === null ||
    url.origin !== new URL(address).origin ||
    !url.pathname.startsWith('/api/v2/task-results/')
  )
    return null;
  return {
    kind: 'deployment-asked',
    place: `${task.organization_name}/${task.workspace_name}`,
    environment: task.stage,
    answerTo: seal(key, JSON.stringify({ url: url.href, token: task.access_token })),
  };
}

function deploymentsOf({ address, rules }: Settings, secrets: () => readonly string[]): Deployments {
  const { host } = new URL(address);
  return {
    waiting: async (asked) => {
      const { place, environment, answerTo } = asked;
      const opened = unseal(secrets(), answerTo);
      if (opened === null)
        return { kind: 'refused', because: 'expected what was sealed by a secret that is live, got another' };
      const { url, token } = lent.parse(JSON.parse(opened));
      return {
        kind: 'waiting',
        deployments: [
          {
            what: `${place}, ${environment}`,
            question: questionOf(rules, asked),
            answer: async ({ allowed, because }, signal): Promise<Taken> => {
              const message = `Interlock: ${because}`.slice(0, 1_000).toWellFormed();
              const attributes = { status: allowed ? 'passed' : 'failed', message };
              const answer = await askPeer({
                url,
                method: 'PATCH',
                headers: { 'content-type': 'application/vnd.api+json', authorization: `Bearer ${token}` },
                json: { data: { type: 'task-results', attributes } },
                signal,
              });
              if (!answer.ok) return answer.taken;
              return answer.body.length === 0 || isDocument(answer.body)
                ? { kind: 'taken', receipt: attributes.status }
                : lied(host, 'a document of JSON:API, or nothing');
            },
          },
        ],
      };
    },
  };
}

function isDocument(body: Uint8Array): boolean {
  return (
    z.looseObject({ data: z.unknown() }).safeParse(jsonOf(body)).success && 'data' in (jsonOf(body) as object)
  );
}

function questionOf(rules: Settings['rules'], { place, environment }: AskedDeployment) {
  const rule = rules.find(
    (one) => `${one.organization}/${one.workspace}` === place && one.stage === environment,
  );
  return rule ? { ...rule.asks, monthlyRelease: false } : null;
}
