import { createHmac } from 'node:crypto';
import { httpPeer, type Peer, type PeerAnswer } from './peer.ts';

const CALLBACK = '/api/v2/task-results/taskrs-2NX3Ro5bWBqGWQLW/callback';
export const TASK_TOKEN =
  '4QEuyyxug1f2rw.atlasv1.iDyxqhXGVZ0ykes53YdQyHyYtFOrdAWNBxcVUgWvzb64NFHjcquu8gJMEdUwoSLRu4Q';

/** The callback of a run task, as it is documented; `took` is each result that it took. */
export function startTerraform(): Promise<Peer> {
  return httpPeer(({ method, path, headers, body }): PeerAnswer => {
    if (method === 'GET' && path === '/api/v2/ping') return { status: 204 };
    if (path !== CALLBACK || method !== 'PATCH')
      return { status: 404, json: { errors: [{ status: '404' }] } };
    if (headers.authorization !== `Bearer ${TASK_TOKEN}`)
      return { status: 401, json: { errors: [{ status: '401' }] } };
    if (headers['content-type'] !== 'application/vnd.api+json') return { status: 422, json: { errors: [] } };
    const { data } = JSON.parse(body.toString());
    return {
      status: 200,
      json: { data: { id: 'taskrs-2NX3Ro5bWBqGWQLW', type: 'task-results' } },
      took: data,
    };
  });
}

/** A request as Terraform sends it (developer.hashicorp.com, "Run Task Request"). */
export function runTaskRequest(address: string, secret: string, more: Record<string, unknown> = {}) {
  const body = JSON.stringify({
    payload_version: 1,
    stage: 'pre_apply',
    access_token: TASK_TOKEN,
    capabilities: { outcomes: true },
    configuration_version_download_url: `${address}/api/v2/configuration-versions/cv-ntv3HbhJqvFzamy7/download`,
    configuration_version_id: 'cv-ntv3HbhJqvFzamy7',
    is_speculative: false,
    organization_name: 'acme',
    run_app_url: `${address}/app/acme/shop-production/runs/run-i3Df5to9ELvibKpQ`,
    run_created_at: '2026-11-28T14:00:00.000Z',
    run_created_by: 'ben',
    run_id: 'run-i3Df5to9ELvibKpQ',
    run_message: 'Triggered via UI',
    task_result_callback_url: `${address}${CALLBACK}`,
    task_result_enforcement_level: 'mandatory',
    task_result_id: 'taskrs-2NX3Ro5bWBqGWQLW',
    workspace_app_url: `${address}/app/acme/shop-production`,
    workspace_id: 'ws-ck4G5bb1Yei5szRh',
    workspace_name: 'shop-production',
    workspace_working_directory: '/terraform',
    ...more,
  });
  const signature = createHmac('sha512', secret).update(body).digest('hex');
  return { body, headers: { 'content-type': 'application/json', 'x-tfc-task-signature': signature } };
}
