import type { ChangeFacts, ErrorBudget } from './facts.ts';
import type { Policy } from './policy.ts';
import { unknown, type Finding } from './finding.ts';
import { both, is, not, type Truth } from './truth.ts';

/** What a change counts as, whatever it calls itself, and why. */
export type EffectiveKind = {
  readonly maintenance: Truth;
  /** A service change made with a graduated procedure. */
  readonly mature: Truth;
  readonly because: string;
};

/** Judges the kind of a change by its declaration, its severity and the error budgets of its services. */
export function effectiveKind(
  policy: Policy,
  change: ChangeFacts,
  budgets: readonly ErrorBudget[],
): EffectiveKind {
  const graduated: Truth = change.procedure === null ? false : change.procedure.graduated;
  if (change.kind === 'maintenance') return maintenance('it is declared maintenance');
  const severe = change.severity === undefined ? undefined : policy.severities[change.severity].severe;
  const unproven = both(severe, not(graduated));
  if (unproven === true)
    return maintenance(`its severity is ${change.severity} and no procedure of it has graduated`);
  const burnt = burntBudget(policy, change.services, budgets);
  if (typeof burnt === 'string')
    return maintenance(`the error budget of ${burnt} is burnt or cannot be read`);
  const service = both(is(change.kind, 'service'), both(not(unproven), burnt));
  if (service === true) return { maintenance: false, mature: graduated, because: 'it is a service change' };
  return {
    maintenance: undefined,
    mature: graduated === false ? false : undefined,
    because: unclear(change),
  };
}

/** What a rule says that would have to know whether a change is maintenance, and does not. */
export function kindNotKnown({ because }: EffectiveKind): Finding {
  return unknown(`The rule needs to know whether this counts as maintenance; ${because}.`);
}

function maintenance(because: string): EffectiveKind {
  return { maintenance: true, mature: false, because };
}

/** The affected service whose budget is burnt; `true` if there is none; not known if an entry names no service. */
function burntBudget(
  policy: Policy,
  services: readonly string[],
  budgets: readonly ErrorBudget[],
): string | Truth {
  let allNamed: Truth = true;
  for (const { service, remaining, threshold } of budgets) {
    if (service === undefined) {
      allNamed = undefined;
      continue;
    }
    if (!services.includes(service)) continue;
    const unread = remaining === null || remaining === undefined || threshold === undefined;
    if (unread ? policy.errorBudgets.has(service) : remaining <= threshold) return service;
  }
  return allNamed;
}

function unclear({ kind, severity, procedure }: ChangeFacts): string {
  const lacking = [
    ...(kind === undefined ? ['kind'] : []),
    ...(severity === undefined ? ['severity'] : []),
    ...(procedure !== null && procedure.graduated === undefined ? ['graduation of its procedure'] : []),
  ];
  return `not known: ${lacking.length > 0 ? lacking.join(', ') : 'whose error budget is meant'}`;
}
