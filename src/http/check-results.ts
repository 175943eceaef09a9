import type { AppContext } from '../app/context.ts';
import { valueOf } from '../app/outcome.ts';
import { listCheckResults, showCheckResult } from '../app/run/check-results.ts';
import { checkResult } from '../contract/check.ts';
import { keptCheckPath, measuredChecks } from '../contract/check-results.ts';
import { changePath } from '../contract/changes.ts';
import type { Api } from './api.ts';

const tags = ['runs'];
const config = { access: 'read' } as const;

/** `/api/v1/changes/:id/checks`: what the checks of a plan came to when they were measured last. */
export function registerCheckResults(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/changes/:id/checks',
    {
      config,
      schema: {
        tags,
        summary: 'The newest result of every check that was measured of the plan as it is now',
        params: changePath,
        response: { 200: measuredChecks },
      },
    },
    async ({ params: { id } }) => ({ checks: valueOf(await listCheckResults(context.db, id)) }),
  );
  app.get(
    '/api/v1/changes/:id/checks/:check',
    {
      config,
      schema: {
        tags,
        summary: 'One result with its measurements, each with its raw answer',
        params: keptCheckPath,
        response: { 200: checkResult },
      },
    },
    async ({ params: { id, check } }) => valueOf(await showCheckResult(context.db, id, check)),
  );
}
