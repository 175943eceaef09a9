import type { AppContext } from '../app/context.ts';
import { previewEmergency } from '../app/emergency/preview.ts';
import { changePath } from '../contract/changes.ts';
import { emergencyPreview } from '../contract/emergencies.ts';
import { callOf, type Api } from './api.ts';

/** `/api/v1/changes/:id/emergency`: what an approved emergency would let pass. It is declared as an approval. */
export function registerEmergencies(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/changes/:id/emergency',
    {
      config: { access: 'read' },
      schema: {
        tags: ['approvals'],
        summary: 'What the emergency of a change would skip, and what it would leave to be caught up on',
        params: changePath,
        response: { 200: emergencyPreview },
      },
    },
    (request) => previewEmergency(context, callOf(request), request.params.id),
  );
}
