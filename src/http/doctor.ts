import type { AppContext } from '../app/context.ts';
import { examine } from '../app/examine.ts';
import { examination } from '../contract/doctor.ts';
import type { Api } from './api.ts';

/** `/api/v1/doctor`: the server's own look at everything that has to be right. */
export function registerDoctor(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/doctor',
    {
      config: { access: 'read' },
      schema: {
        tags: ['health'],
        summary: 'What is right, and what is wrong, with reasons',
        response: { 200: examination },
      },
    },
    () => examine(context),
  );
}
