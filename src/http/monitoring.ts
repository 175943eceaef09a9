import type { AppContext } from '../app/context.ts';
import { showMonitoring } from '../app/monitoring/show.ts';
import { monitoringAnswer } from '../contract/monitoring.ts';
import type { Api } from './api.ts';

/** `/api/v1/monitoring`: the proof that monitoring lives, probe by probe. */
export function registerMonitoring(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/monitoring',
    {
      config: { access: 'read' },
      schema: {
        tags: ['gate'],
        summary: 'The last proof of each environment’s monitoring, probe by probe with its raw answers',
        response: { 200: monitoringAnswer },
      },
    },
    () => showMonitoring(context),
  );
}
