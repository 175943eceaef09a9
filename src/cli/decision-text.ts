import type { DecisionDocument } from '../contract/decision.ts';
import type { FactsDocument } from '../contract/facts.ts';
import { openingText } from './opening-text.ts';
import type { Verdict } from '../kernel/policy/rule.ts';

const SIGNS: Readonly<Record<Verdict, string>> = {
  deny: '✗',
  unknown: '?',
  warn: '!',
  excepted: '~',
  pass: '✓',
};
const ORDER: readonly Verdict[] = ['deny', 'unknown', 'warn', 'excepted', 'pass'];

/** A decision as a table that can be read at night: what stops it first, then what to mind, then what is in order. */
export function decisionText(decision: DecisionDocument, facts: FactsDocument): string {
  const rows = ORDER.flatMap((verdict) => decision.verdicts.filter((one) => one.verdict === verdict));
  const width = Math.max(0, ...rows.map(({ rule }) => rule.length));
  const lines = rows.map(({ rule, verdict, because, clearsAt }) => {
    const clears = clearsAt === undefined ? '' : ` Clears at ${clearsAt}.`;
    return `  ${SIGNS[verdict]} ${verdict.padEnd(8)}  ${rule.padEnd(width)}  ${because}${clears}`;
  });
  return [headline(decision, facts), ...lines, ...opening(decision, facts), ''].join('\n');
}

function headline({ allowed, verdicts }: DecisionDocument, facts: FactsDocument): string {
  const subject = facts.change?.id ?? `a ${facts.change?.criticality ?? ''} change`.replace('  ', ' ');
  const where = facts.change?.environment === undefined ? '' : ` in ${facts.change.environment}`;
  const refusals = verdicts.filter(({ verdict }) => verdict === 'deny' || verdict === 'unknown').length;
  const answer = allowed ? 'allowed' : `refused by ${refusals} ${refusals === 1 ? 'rule' : 'rules'}`;
  return `${facts.action} ${subject}${where} at ${facts.at}: ${answer}`;
}

function opening(decision: DecisionDocument, facts: FactsDocument): string[] {
  const text = ['ask', 'schedule', 'start'].includes(facts.action) ? openingText(decision) : null;
  return text === null ? [] : [`  ${text}`];
}
