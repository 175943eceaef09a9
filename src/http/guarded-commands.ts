import type { AppContext } from '../app/context.ts';
import { reportGuarded } from '../app/guard/report.ts';
import { readGuarded, reviewGuardedCommand } from '../app/guard/review.ts';
import { valueOf } from '../app/outcome.ts';
import * as contract from '../contract/guarded-commands.ts';
import { callOf, type Api } from './api.ts';

const tags = ['incidents'];

/** `/api/v1/guarded-commands`: what was done by hand on a bastion while an incident burned. */
export function registerGuardedCommands(app: Api, context: AppContext): void {
  app.put(
    '/api/v1/guarded-commands/by-key/:key',
    {
      config: { access: 'bastion', uncounted: true },
      schema: {
        tags,
        summary: 'Report a command that was guarded; sent again it is the same one',
        params: contract.guardedKeyPath,
        body: contract.guardedReport,
        response: { 200: contract.guardedCommand },
      },
    },
    async (request) =>
      valueOf(await reportGuarded(context, callOf(request), request.params.key, request.body)),
  );
  app.get(
    '/api/v1/guarded-commands',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Commands that were guarded and wait for a review, the newest first',
        querystring: contract.guardedQuery,
        response: { 200: contract.guardedCommands },
      },
    },
    async (request) => readGuarded(context, request.query),
  );
  app.post(
    '/api/v1/guarded-commands/:id/review',
    {
      config: { access: 'person' },
      schema: {
        tags,
        summary: 'Review what was done by hand',
        params: contract.guardedPath,
        body: contract.guardedReview,
        response: { 200: contract.guardedCommand },
      },
    },
    async (request) =>
      valueOf(await reviewGuardedCommand(context, callOf(request), request.params.id, request.body)),
  );
}
