import type { AppContext } from '../app/context.ts';
import {
  confirmProposal,
  makeEmergencyLock,
  proposeLock,
  readLocks,
  releaseEarly,
} from '../app/lock/lock.ts';
import { valueOf } from '../app/outcome.ts';
import { emergencyLock, lockPath, locks, lockView, newLock } from '../contract/channel.ts';
import { callOf, type Api } from './api.ts';

const tags = ['locks'];

/** `/api/v1/locks`: production change locks beside those of the policy; one person proposes, another confirms. */
export function registerLocks(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/locks',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'Locks that have not ended, proposals too', response: { 200: locks } },
    },
    async () => ({ locks: await readLocks(context) }),
  );
  app.post(
    '/api/v1/locks',
    {
      config: { access: 'person' },
      schema: {
        tags,
        summary: 'Propose a lock; it holds nothing until somebody else confirms it',
        body: newLock,
        response: { 201: lockView },
      },
    },
    async (request, reply) =>
      reply.code(201).send(valueOf(await proposeLock(context, callOf(request), request.body))),
  );
  app.post(
    '/api/v1/locks/emergency',
    {
      config: { access: 'person' },
      schema: {
        tags,
        summary: 'Lock at once, for at most a day; somebody else confirms it afterwards',
        body: emergencyLock,
        response: { 201: lockView },
      },
    },
    async (request, reply) =>
      reply.code(201).send(valueOf(await makeEmergencyLock(context, callOf(request), request.body))),
  );
  for (const act of ['confirm', 'release'] as const) registerSettling(app, context, act);
}

function registerSettling(app: Api, context: AppContext, act: 'confirm' | 'release'): void {
  const settle = act === 'confirm' ? confirmProposal : releaseEarly;
  app.post(
    `/api/v1/locks/:id/${act}`,
    {
      config: { access: 'person' },
      schema: {
        tags,
        summary:
          act === 'confirm'
            ? 'Confirm a lock that somebody else asked for'
            : 'Release a lock before its end, as somebody other than who asked for it',
        params: lockPath,
        response: { 200: lockView },
      },
    },
    async (request) => valueOf(await settle(context, callOf(request), request.params.id)),
  );
}
