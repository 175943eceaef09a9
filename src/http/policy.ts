import type { AppContext } from '../app/context.ts';
import { showChecklist } from '../app/policy-checklist.ts';
import { checklistQuery, policyChecklist } from '../contract/policy-checklist.ts';
import type { Api } from './api.ts';

/** `/api/v1/policy`: what the policy in force asks. It is only read: it is a file of the server's. */
export function registerPolicy(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/policy',
    {
      config: { access: 'read' },
      schema: {
        tags: ['gate'],
        summary: 'The policy as a checklist: every rule, what it asks and of which criticalities',
        querystring: checklistQuery,
        response: { 200: policyChecklist },
      },
    },
    async ({ query }) => showChecklist(context, query),
  );
}
