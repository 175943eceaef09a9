import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { StoredDecision } from '../../../src/contract/change-lists.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Away } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { RuleName } from '../parts/rule-name.tsx';
import { Said } from '../parts/said.tsx';
import { VERDICT_TONES } from '../parts/tones.ts';
import { api } from '../server/api.ts';
import rows from '../parts/rows.module.css';

/** What the interlock answered the runner last; it is asked anew before each step. A browser is no bastion, so it asks nothing itself. */
export function NextVerdict({ change }: { readonly change: string }) {
  const asked = useQuery({
    queryKey: ['change', change, 'decisions'],
    queryFn: () => api<{ decisions: StoredDecision[] }>(`/changes/${change}/decisions?limit=1`),
  });
  return (
    <Section
      title="The interlock, asked last"
      aside={
        <Link to="/changes/$id" params={{ id: change }}>
          Every rule
        </Link>
      }
    >
      <Answered query={asked}>
        {({ decisions: [last] }) =>
          last ? <Asked last={last} /> : <Empty title="It was not asked about this change yet." />
        }
      </Answered>
    </Section>
  );
}

function Asked({ last }: { readonly last: StoredDecision }) {
  const against = last.decision.verdicts.filter((one) => one.verdict !== 'pass');
  return (
    <ul className={rows['rows']}>
      <li className={rows['line']}>
        <span className={rows['title']}>
          To {last.action}, <Away at={last.at} />
        </span>
        <Badge tone={last.allowed ? 'go' : 'stop'}>{last.allowed ? 'allowed' : 'refused'}</Badge>
      </li>
      {against.map(({ rule, verdict, because }) => (
        <li key={rule}>
          <RuleName rule={rule} tone={VERDICT_TONES[verdict]} /> <Said text={because} />
        </li>
      ))}
    </ul>
  );
}
