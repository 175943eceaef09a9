import type { AppContext } from '../app/context.ts';
import { readMeasures, readNextToAutomate } from '../app/measures/measures.ts';
import { measures, measuresQuery, nextToAutomate } from '../contract/measures.ts';
import type { Api } from './api.ts';

const tags = ['measures'];

/** `/api/v1/measures`: whether changes need less of all this, safely. */
export function registerMeasures(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/measures',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'How changes went in a span of time, and what stopped them',
        querystring: measuresQuery,
        response: { 200: measures },
      },
    },
    (request) => readMeasures(context, request.query),
  );
  app.get(
    '/api/v1/measures/next-to-automate',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'What ran by hand and is next in line', response: { 200: nextToAutomate } },
    },
    () => readNextToAutomate(context),
  );
}
