import type { AppContext } from '../app/context.ts';
import { announceNow } from '../app/change/announce.ts';
import { cloneChange } from '../app/change/clone.ts';
import { closeChange } from '../app/change/close.ts';
import { readDecisions } from '../app/change/decisions.ts';
import { editChange } from '../app/change/edit.ts';
import { openChange } from '../app/change/open.ts';
import { pageOfChanges, showChange } from '../app/change/show.ts';
import { scheduleChange } from '../app/change/schedule.ts';
import { submitChange } from '../app/change/submit.ts';
import { valueOf } from '../app/outcome.ts';
import * as lists from '../contract/change-lists.ts';
import * as contract from '../contract/changes.ts';
import { callOf, type Api } from './api.ts';

const tags = ['changes'];
const params = contract.changePath;

/** `/api/v1/changes`: requests for changes. */
export function registerChanges(app: Api, context: AppContext): void {
  registerReading(app, context);
  registerWriting(app, context);
  registerBeginning(app, context);
  registerEnding(app, context);
}

function registerReading(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/changes',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'List requests, the newest first',
        querystring: lists.changeQuery,
        response: { 200: lists.changePage },
      },
    },
    (request) => pageOfChanges(context, request.query),
  );
  app.get(
    '/api/v1/changes/:id',
    {
      config: { access: 'read', resource: 'change' },
      schema: {
        tags,
        summary: 'Show a request, with the verdict on its next act',
        params,
        response: { 200: contract.changeView },
      },
    },
    (request) => showChange(context, callOf(request), request.params.id),
  );
  app.get(
    '/api/v1/changes/:id/decisions',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'The stored decisions about a request, with the facts they rest on',
        params,
        querystring: lists.decisionQuery,
        response: { 200: lists.storedDecisions },
      },
    },
    ({ params: { id }, query }) => readDecisions(context, id, query),
  );
}

function registerWriting(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/changes',
    {
      config: { access: 'prepare' },
      schema: {
        tags,
        summary: 'File a request from a plan; its author is whoever calls',
        body: contract.openChange,
        response: { 201: contract.openedChange },
      },
    },
    async (request, reply) =>
      reply.code(201).send(valueOf(await openChange(context, callOf(request), request.body))),
  );
  app.put(
    '/api/v1/changes/:id',
    {
      config: { access: 'prepare', resource: 'change' },
      schema: {
        tags,
        summary:
          'Put another revision of the plan in place; a material edit voids what was said of the former one',
        params,
        body: contract.editChange,
        response: { 200: contract.changeRecord },
      },
    },
    async (request) => valueOf(await editChange(context, callOf(request), request.params.id, request.body)),
  );
  app.post(
    '/api/v1/changes/:id/schedule',
    {
      config: { access: 'act', resource: 'change' },
      schema: {
        tags,
        summary: 'Ask for a slot, or pencil one in; a refusal answers 409 with the decision',
        params,
        body: contract.scheduleChange,
        response: { 200: contract.scheduled },
      },
    },
    async (request) =>
      valueOf(await scheduleChange(context, callOf(request), request.params.id, request.body)),
  );
}

function registerBeginning(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/changes/:id/submit',
    {
      config: { access: 'act', resource: 'change' },
      schema: {
        tags,
        summary: 'Submit a draft; a plan with errors in it is refused with them',
        params,
        response: { 200: contract.changeSummary },
      },
    },
    async (request) => valueOf(await submitChange(context, callOf(request), request.params.id)),
  );
  app.post(
    '/api/v1/changes/:id/clone',
    {
      config: { access: 'act' },
      schema: {
        tags,
        summary: 'File another request from the newest plan of this one; nothing said of this one goes along',
        params,
        body: contract.cloneChange,
        response: { 201: contract.openedChange },
      },
    },
    async (request, reply) =>
      reply
        .code(201)
        .send(valueOf(await cloneChange(context, callOf(request), request.params.id, request.body))),
  );
}

function registerEnding(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/changes/:id/announce',
    {
      config: { access: 'act', resource: 'change' },
      schema: {
        tags,
        summary: 'Have the start announced in the production channel',
        params,
        response: { 200: contract.announced },
      },
    },
    async (request) => valueOf(await announceNow(context, callOf(request), request.params.id)),
  );
  for (const act of ['cancel', 'reject'] as const) {
    app.post(
      `/api/v1/changes/:id/${act}`,
      {
        config: { access: act === 'cancel' ? 'act' : 'person', resource: 'change' },
        schema: {
          tags,
          summary: act === 'cancel' ? 'Give a request up before it begins' : 'Reject a request',
          params,
          body: contract.closeChange,
          response: { 200: contract.changeSummary },
        },
      },
      async ({ params: { id }, body, ...request }) =>
        valueOf(await closeChange(context, callOf(request), id, { act, ...body })),
    );
  }
}
