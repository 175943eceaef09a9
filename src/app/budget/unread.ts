import type { Finding } from '../../contract/doctor.ts';
import type { AppContext } from '../context.ts';

/** Whether the policy says how each error budget is read; one that it does not is burnt (ADR 0077). */
export function examineBudgets({ policy: { file, path } }: AppContext): Finding {
  const part = 'error budgets';
  const all = Object.entries(file.errorBudgets);
  const [first, ...more] = all.filter(([, { query }]) => query === null);
  if (first === undefined) {
    const text = all.length === 0 ? 'the policy names none' : `a query for each of ${all.length} services`;
    return { part, status: 'ok', text };
  }
  const [service, { threshold }] = first;
  const without = [first, ...more].map(([name]) => name).join(', ');
  const line = `${service}: { threshold: ${threshold}, query: '…' }`;
  return {
    part,
    status: 'warning',
    text:
      `expected a query for each, got none for ${without}: burnt as long as that is so, and every change of theirs counts as maintenance. ` +
      `Write it in \`${path}\` under \`errorBudgets\`, as \`${line}\`: PromQL that tells the share that is left; or take the service out`,
  };
}
