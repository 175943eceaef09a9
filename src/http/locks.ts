import type { AppContext } from '../app/context.ts';
import { impactOfLock, previewLock } from '../app/lock/impact.ts';
import {
  editLock,
  lockHistory,
  makeEmergencyLock,
  proposeLock,
  readLock,
  readLocks,
} from '../app/lock/lock.ts';
import { confirmLock, releaseEarly } from '../app/lock/settle.ts';
import { valueOf } from '../app/outcome.ts';
import * as contract from '../contract/locks.ts';
import { callOf, type Api } from './api.ts';

const tags = ['locks'];

/** `/api/v1/locks`: production change locks beside those of the policy; one person proposes, another confirms. */
export function registerLocks(app: Api, context: AppContext): void {
  registerReading(app, context);
  registerImpact(app, context);
  registerMaking(app, context);
  registerSettling(app, context);
}

function registerReading(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/locks',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Locks that have not ended, proposals too; or all of a span; and those of the policy',
        querystring: contract.locksQuery,
        response: { 200: contract.locks },
      },
    },
    (request) => readLocks(context, request.query),
  );
  app.get(
    '/api/v1/locks/:id',
    {
      config: { access: 'read', resource: 'lock' },
      schema: { tags, summary: 'A lock', params: contract.lockPath, response: { 200: contract.lockView } },
    },
    async (request) => valueOf(await readLock(context, request.params.id)),
  );
  app.get(
    '/api/v1/locks/:id/history',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Everything that a lock ever said, and who answers for it',
        params: contract.lockPath,
        response: { 200: contract.lockHistory },
      },
    },
    async (request) => valueOf(await lockHistory(context, request.params.id)),
  );
}

function registerImpact(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/locks/:id/impact',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'What the text that waits would do; where none waits, what a release would free',
        params: contract.lockPath,
        response: { 200: contract.lockImpact },
      },
    },
    async (request) => valueOf(await impactOfLock(context, request.params.id)),
  );
  app.post(
    '/api/v1/locks/preview',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'What a lock, or another text of one, would do; nothing is saved',
        body: contract.lockPreviewWish,
        response: { 200: contract.lockImpact },
      },
    },
    async (request) => valueOf(await previewLock(context, request.body)),
  );
}

function registerMaking(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/locks',
    {
      config: { access: 'person' },
      schema: {
        tags,
        summary: 'Propose a lock; it holds nothing until somebody else confirms it',
        body: contract.newLock,
        response: { 201: contract.lockView },
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
        body: contract.emergencyLock,
        response: { 201: contract.lockView },
      },
    },
    async (request, reply) =>
      reply.code(201).send(valueOf(await makeEmergencyLock(context, callOf(request), request.body))),
  );
  app.post(
    '/api/v1/locks/:id/edits',
    {
      config: { access: 'person', resource: 'lock' },
      schema: {
        tags,
        summary: 'Propose another text for a lock; it holds as it was until somebody else confirms that',
        params: contract.lockPath,
        body: contract.lockEdit,
        response: { 201: contract.lockView },
      },
    },
    async (request, reply) =>
      reply
        .code(201)
        .send(valueOf(await editLock(context, callOf(request), request.params.id, request.body))),
  );
}

function registerSettling(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/locks/:id/confirm',
    {
      config: { access: 'person', resource: 'lock' },
      schema: {
        tags,
        summary: 'Confirm the text of a lock that somebody else wrote, by the digest that was shown',
        params: contract.lockPath,
        body: contract.lockConfirmation,
        response: { 200: contract.lockView },
      },
    },
    async (request) => valueOf(await confirmLock(context, callOf(request), request.params.id, request.body)),
  );
  app.post(
    '/api/v1/locks/:id/release',
    {
      config: { access: 'person', resource: 'lock' },
      schema: {
        tags,
        summary: 'Release a lock before its end, as somebody other than who asked for it',
        params: contract.lockPath,
        body: contract.lockRelease,
        response: { 200: contract.lockView },
      },
    },
    async (request) => valueOf(await releaseEarly(context, callOf(request), request.params.id, request.body)),
  );
}
