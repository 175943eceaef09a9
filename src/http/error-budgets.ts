import { showBudgets } from '../app/budget/budget.ts';
import type { AppContext } from '../app/context.ts';
import { errorBudgets } from '../contract/error-budgets.ts';
import type { Api } from './api.ts';

/** `/api/v1/error-budgets`: what is left of them. */
export function registerErrorBudgets(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/error-budgets',
    {
      config: { access: 'read' },
      schema: {
        tags: ['monitoring'],
        summary: 'The error budgets of the policy, as they were read last',
        response: { 200: errorBudgets },
      },
    },
    async () => showBudgets(context),
  );
}
