import { z } from 'zod';
import type { AppContext } from '../app/context.ts';
import { valueOf } from '../app/outcome.ts';
import { beatWait } from '../app/run/wait-beat.ts';
import { beginWait, leaveWait } from '../app/run/wait.ts';
import { changeId } from '../contract/changes.ts';
import * as contract from '../contract/waits.ts';
import { callOf, type Api } from './api.ts';

const tags = ['runs'];
const ofChange = z.strictObject({ change: changeId });
const ofWait = z.strictObject({ change: changeId, wait: contract.waitId });

/** `/api/v1/changes/:change/waits`: executors that wait at the bastion until time lets them start, one by one. */
export function registerRunWaits(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/changes/:change/waits',
    {
      config: { access: 'execute' },
      schema: {
        tags,
        summary: 'Wait for a start that only time refuses, from a bastion',
        params: ofChange,
        body: contract.newWait,
        response: { 200: contract.waitAnswer },
      },
    },
    async (request) =>
      valueOf(await beginWait(context, callOf(request), request.params.change, request.body)),
  );
  app.post(
    '/api/v1/changes/:change/waits/:wait/heartbeat',
    {
      config: { access: 'execute' },
      schema: {
        tags,
        summary: 'Say that the executor still waits, and hear whether it is its turn',
        params: ofWait,
        body: contract.waitHeartbeat,
        response: { 200: contract.waitAnswer },
      },
    },
    async (request) =>
      valueOf(await beatWait(context, callOf(request), waitOf(request.params), request.body)),
  );
  app.post(
    '/api/v1/changes/:change/waits/:wait/end',
    {
      config: { access: 'execute' },
      schema: {
        tags,
        summary: 'Wait no longer',
        params: ofWait,
        body: contract.endOfWait,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      valueOf(await leaveWait(context, callOf(request), waitOf(request.params), request.body));
      return reply.code(204).send(null);
    },
  );
}

function waitOf({ change, wait }: z.infer<typeof ofWait>) {
  return { changeId: change, id: wait };
}
