import { z } from 'zod';
import type { AppContext } from '../app/context.ts';
import { acceptHandOff } from '../app/hand-off/accept.ts';
import { listHandOffs, showHandOff } from '../app/hand-off/show.ts';
import { valueOf } from '../app/outcome.ts';
import { handOffList, handOffView } from '../contract/hand-offs.ts';
import { runId } from '../contract/runs.ts';
import { callOf, type Api } from './api.ts';

const tags = ['runs'];
const params = z.strictObject({ run: runId });
const response = { 200: handOffView };

/** `/api/v1/runs/:run/hand-off`: what is drafted from the facts, and who accepted what was written. */
export function registerHandOffs(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/runs/:run/hand-off',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'The hand-off of a run: its facts, a draft, the note', params, response },
    },
    (request) => showHandOff(context, callOf(request), request.params.run),
  );
  app.get(
    '/api/v1/hand-offs',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'Hand-offs that nobody has accepted yet', response: { 200: handOffList } },
    },
    (request) => listHandOffs(context, callOf(request)),
  );
  app.post(
    '/api/v1/runs/:run/hand-off/accept',
    {
      config: { access: 'person' },
      schema: { tags, summary: 'Accept a hand-off, as the next engineer on call', params, response },
    },
    async (request) => valueOf(await acceptHandOff(context, callOf(request), request.params.run)),
  );
}
