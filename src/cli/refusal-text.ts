import { decisionDocumentSchema } from '../contract/decision.ts';
import { openingText } from './opening-text.ts';
import type { ServerRefusal } from '../runner/session.ts';

/** A refusal as lines for a person: each rule that refuses with its reason, and when time alone opens it. */
export function refusalLines({ message, details }: ServerRefusal): readonly string[] {
  const decision = decisionDocumentSchema.safeParse(details['decision']);
  if (!decision.success) return [`✗ ${message}`];
  const { verdicts } = decision.data;
  const opening = openingText(decision.data);
  const refusing = verdicts.filter(({ verdict }) => verdict === 'deny' || verdict === 'unknown');
  return [
    '✗ refused by the policy:',
    ...refusing.map(({ rule, verdict, because, clearsAt }) => {
      const clears = clearsAt === undefined ? '' : ` Clears at ${clearsAt}.`;
      return `  ${verdict === 'deny' ? '✗' : '?'} ${rule}: ${because}${clears}`;
    }),
    ...(opening === null ? [] : [`  ${opening}`]),
  ];
}
