import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Section } from '../parts/page.tsx';
import { VERDICT_TONES } from '../parts/tones.ts';
import { askChange } from '../server/questions.ts';
import rows from '../parts/rows.module.css';

/** What the interlock would say now of the next step; it is asked anew at the step itself. */
export function NextVerdict({ change }: { readonly change: string }) {
  const view = useQuery(askChange(change));
  return (
    <Section
      title="Before the next step"
      aside={
        <Link to="/changes/$id" params={{ id: change }}>
          Every rule
        </Link>
      }
    >
      <Answered query={view}>
        {({ verdict }) => {
          if (verdict === null) return null;
          const against = verdict.decision.verdicts.filter((one) => one.verdict !== 'pass');
          return (
            <ul className={rows['rows']}>
              <li className={rows['line']}>
                <span className={rows['title']}>To {verdict.action}</span>
                <Badge tone={verdict.decision.allowed ? 'go' : 'stop'}>
                  {verdict.decision.allowed ? 'allowed' : 'refused'}
                </Badge>
              </li>
              {against.map(({ rule, verdict: word, because }) => (
                <li key={rule}>
                  <Badge tone={VERDICT_TONES[word]}>{rule}</Badge> {because}
                </li>
              ))}
            </ul>
          );
        }}
      </Answered>
    </Section>
  );
}
