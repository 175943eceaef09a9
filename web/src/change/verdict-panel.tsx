import type { DecisionDocument } from '../../../src/contract/decision.ts';
import { Badge } from '../parts/badge.tsx';
import { VERDICT_TONES } from '../parts/tones.ts';
import { Instant } from '../parts/instant.tsx';

type Verdict = DecisionDocument['verdicts'][number];

/** What refuses comes first: it is what the reader came for. */
const ORDER: Readonly<Record<Verdict['verdict'], number>> = {
  deny: 0,
  unknown: 1,
  warn: 2,
  excepted: 3,
  pass: 4,
};

/** Every rule that was asked, with what it saw and when it clears. */
export function VerdictPanel({
  action,
  decision,
}: {
  readonly action: string;
  readonly decision: DecisionDocument;
}) {
  const verdicts = decision.verdicts.toSorted((a, b) => ORDER[a.verdict] - ORDER[b.verdict]);
  return (
    <div className={`panel signal ${decision.allowed ? 'go' : 'stop'}`}>
      <div className="answer">
        To {action}: {decision.allowed ? 'allowed' : 'refused'}
      </div>
      {!decision.allowed && decision.nextOpening !== null && (
        <p>
          Hours, locks and slot open <Instant at={decision.nextOpening} />
        </p>
      )}
      <div className="wide">
        <table>
          <thead>
            <tr>
              <th scope="col">Verdict</th>
              <th scope="col">Rule</th>
              <th scope="col">Because</th>
            </tr>
          </thead>
          <tbody>
            {verdicts.map((one) => (
              <tr key={one.rule}>
                <td>
                  <Badge tone={VERDICT_TONES[one.verdict]}>{one.verdict}</Badge>
                </td>
                <td>
                  <code>{one.rule}</code>
                </td>
                <td>
                  {one.because}
                  {one.clearsAt !== undefined && (
                    <span className="quiet">
                      {' '}
                      Clears <Instant at={one.clearsAt} />
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
