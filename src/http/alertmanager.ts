import type { AppContext } from '../app/context.ts';
import { hearAlerts, mayTellOfAlerts } from '../app/incident/hear-alerts.ts';
import { AppError } from '../contract/errors.ts';
import { heardAlerts } from '../contract/incidents.ts';
import type { Api } from './api.ts';
import { bytesOf, keepBodiesRaw } from './raw-body.ts';

/** Alertmanager sends a group at a time; what is longer is answered 413 unread. */
const BODY_LIMIT_BYTES = 524_288;

/** `POST /api/v1/webhooks/alertmanager`: tells that alerts changed. What it says is a hint; the alerts are fetched. */
export async function registerAlertmanager(app: Api, context: AppContext): Promise<void> {
  await app.register(async (scope: Api) => {
    keepBodiesRaw(scope, BODY_LIMIT_BYTES);
    scope.post(
      '/api/v1/webhooks/alertmanager',
      {
        config: { access: 'alerts' },
        bodyLimit: BODY_LIMIT_BYTES,
        onRequest: async (request) => {
          if (await mayTellOfAlerts(context, request.headers.authorization)) return;
          context.metrics.count('interlock_unauthenticated_total');
          throw new AppError('unauthenticated');
        },
        schema: {
          tags: ['incidents'],
          summary: 'Tell that alerts changed, as a webhook of Alertmanager',
          response: { 200: heardAlerts },
        },
      },
      async (request) => ({ heard: await hearAlerts(context, bytesOf(request.body)) }),
    );
  });
}
