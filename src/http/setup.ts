import type { AppContext } from '../app/context.ts';
import { readSetup } from '../app/setup.ts';
import { setup } from '../contract/setup.ts';
import type { Api } from './api.ts';

/** `/api/v1/setup`: what is left to set up before a first change. */
export function registerSetup(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/setup',
    {
      config: { access: 'read' },
      schema: {
        tags: ['health'],
        summary: 'What a server needs before its first change, and what of it is missing',
        response: { 200: setup },
      },
    },
    () => readSetup(context),
  );
}
