import type { AppContext } from '../app/context.ts';
import { answerAt } from '../app/gate/ahead.ts';
import { showChecklist } from '../app/policy-checklist.ts';
import { comparePolicies, listPolicies, showPolicy } from '../app/policy-versions.ts';
import {
  policyAnswer,
  policyAnswerQuery,
  policyDifference,
  policyDifferenceQuery,
  policyText,
  policyVersionParams,
  policyVersions,
} from '../contract/policies.ts';
import { checklistQuery, policyChecklist } from '../contract/policy-checklist.ts';
import { callOf, type Api } from './api.ts';

const tags = ['gate'];
const config = { access: 'read' } as const;

/** `/api/v1/policy`: what the policy in force asks and says, and `/policies`, those before it. It is only read: it is a file of the server's. */
export function registerPolicy(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/policy',
    {
      config,
      schema: {
        tags,
        summary: 'The policy as a checklist: every rule, what it asks and of which criticalities',
        querystring: checklistQuery,
        response: { 200: policyChecklist },
      },
    },
    async ({ query }) => showChecklist(context, query),
  );
  app.get(
    '/api/v1/policy/answer',
    {
      config,
      schema: {
        tags,
        summary: 'What the policy says of a kind of change now or at an instant ahead; nothing is recorded',
        querystring: policyAnswerQuery,
        response: { 200: policyAnswer },
      },
    },
    (request) => answerAt(context, callOf(request), request.query),
  );
  registerVersions(app, context);
}

function registerVersions(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/policies',
    {
      config,
      schema: { tags, summary: 'Every policy that was in force', response: { 200: policyVersions } },
    },
    () => listPolicies(context),
  );
  app.get(
    '/api/v1/policies/:number',
    {
      config,
      schema: {
        tags,
        summary: 'What a policy says that was in force, as it was written',
        params: policyVersionParams,
        response: { 200: policyText },
      },
    },
    ({ params }) => showPolicy(context, params.number),
  );
  app.get(
    '/api/v1/policies/:number/difference',
    {
      config,
      schema: {
        tags,
        summary: 'How a policy differs from an older one: in words, and line by line',
        params: policyVersionParams,
        querystring: policyDifferenceQuery,
        response: { 200: policyDifference },
      },
    },
    ({ params, query }) => comparePolicies(context, { from: query.from, to: params.number }),
  );
}
