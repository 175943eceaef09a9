import type { AppContext } from '../app/context.ts';
import { noticesRead, readNotices } from '../app/notice/read.ts';
import { valueOf } from '../app/outcome.ts';
import { finishOwnTask } from '../app/task/done.ts';
import { readTasks } from '../app/task/read.ts';
import * as contract from '../contract/notices.ts';
import { callOf, type Api } from './api.ts';

/** `/api/v1/notices`, `/api/v1/tasks`: what a person was told, and what there is to catch up on. */
export function registerNotices(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/notices',
    {
      config: { access: 'read' },
      schema: {
        tags: ['notices'],
        summary: 'What the caller was told, the newest first',
        querystring: contract.noticeQuery,
        response: { 200: contract.noticePage },
      },
    },
    (request) => readNotices(context, callOf(request), request.query),
  );
  app.post(
    '/api/v1/notices/read',
    {
      config: { access: 'person' },
      schema: {
        tags: ['notices'],
        summary: 'Mark one’s own notices as read',
        body: contract.readNotices,
        response: { 200: contract.noticesRead },
      },
    },
    (request) => noticesRead(context, callOf(request), request.body.upTo),
  );
  registerTasks(app, context);
}

function registerTasks(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/tasks',
    {
      config: { access: 'read' },
      schema: {
        tags: ['tasks'],
        summary: 'What there is to catch up on, the newest first',
        querystring: contract.taskQuery,
        response: { 200: contract.taskPage },
      },
    },
    (request) => readTasks(context, request.query),
  );
  app.post(
    '/api/v1/tasks/:id/done',
    {
      config: { access: 'person' },
      schema: {
        tags: ['tasks'],
        summary: 'Say that one’s own task is done',
        params: contract.taskPath,
        body: contract.doneTask,
        response: { 200: contract.taskView },
      },
    },
    async (request) =>
      valueOf(await finishOwnTask(context, callOf(request), request.params.id, request.body)),
  );
}
