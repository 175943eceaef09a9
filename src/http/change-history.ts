import type { AppContext } from '../app/context.ts';
import { readHistory } from '../app/change/history.ts';
import { differenceBetween, pageOfRevisions, showRevision } from '../app/change/revisions.ts';
import * as contract from '../contract/change-history.ts';
import { changePath } from '../contract/changes.ts';
import type { Api } from './api.ts';

const tags = ['changes'];
const config = { access: 'read' } as const;

/** `/api/v1/changes/:id/history` and `/revisions`: what became of a request, and each plan that it had. */
export function registerChangeHistory(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/changes/:id/history',
    {
      config,
      schema: {
        tags,
        summary: 'Every entry of the ledger about a request and what belongs to it, in order',
        params: changePath,
        querystring: contract.historyQuery,
        response: { 200: contract.history },
      },
    },
    ({ params, query }) => readHistory(context, params.id, query),
  );
  registerRevisions(app, context);
}

function registerRevisions(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/changes/:id/revisions',
    {
      config,
      schema: {
        tags,
        summary: 'The revisions of a request, the newest first',
        params: changePath,
        querystring: contract.revisionQuery,
        response: { 200: contract.revisionPage },
      },
    },
    ({ params, query }) => pageOfRevisions(context, params.id, query),
  );
  app.get(
    '/api/v1/changes/:id/revisions/:revision',
    {
      config,
      schema: {
        tags,
        summary: 'One revision as it was sent, with its scripts and what the linter found',
        params: contract.revisionPath,
        response: { 200: contract.revisionView },
      },
    },
    ({ params: { id, revision } }) => showRevision(context, id, revision),
  );
  app.get(
    '/api/v1/changes/:id/revisions/:a/diff/:b',
    {
      config,
      schema: {
        tags,
        summary: 'What differs between two revisions, by field and by line',
        params: contract.differencePath,
        response: { 200: contract.revisionDifference },
      },
    },
    ({ params: { id, a, b } }) => differenceBetween(context, id, [a, b]),
  );
}
