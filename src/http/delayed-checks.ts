import { z } from 'zod';
import type { AppContext } from '../app/context.ts';
import { listDelayed, takeDelayed } from '../app/run/delayed.ts';
import { changeId } from '../contract/changes.ts';
import { delayedChecks, delayedCheckView, delayedMeasurement } from '../contract/watching.ts';
import { callOf, type Api } from './api.ts';
import { answer } from './recorded.ts';

const tags = ['runs'];
const ofChange = z.strictObject({ change: changeId });

/** Delayed checks of complete changes: what is due, and what a bastion measured. */
export function registerDelayedChecks(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/changes/:change/delayed-checks',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'The delayed checks of a change, the first due first',
        params: ofChange,
        response: { 200: delayedChecks },
      },
    },
    async (request) => ({ checks: await listDelayed(context.db, request.params.change) }),
  );
  app.post(
    '/api/v1/changes/:change/delayed-checks',
    {
      config: { access: 'bastion' },
      schema: {
        tags,
        summary: 'Hand in the measurement of a delayed check, from a bastion',
        params: ofChange,
        body: delayedMeasurement,
        response: { 200: delayedCheckView },
      },
    },
    async (request, reply) =>
      answer(reply, await takeDelayed(context, callOf(request), request.params.change, request.body)),
  );
}
