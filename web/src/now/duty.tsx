import { useQuery } from '@tanstack/react-query';
import type { Rota } from '../../../src/contract/rota.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Waiting } from '../parts/empty.tsx';
import { Countdown, Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { askRota } from '../server/questions.ts';
import classes from '../parts/rows.module.css';

const ROTAS = [
  ['eoc', 'EOC', 'engineer on call'],
  ['imoc', 'IMOC', 'incident manager'],
  ['cmoc', 'CMOC', 'communications'],
] as const;

/** Who answers for production, and for how long still. */
export function Duty() {
  const rota = useQuery(askRota);
  return (
    <Section title="On duty">
      <Answered query={rota} waiting={<Waiting rows={3} height="3rem" />}>
        {(answer) => (
          <ul className={classes['rows']}>
            {ROTAS.map(([name, short, what]) => (
              <li key={name}>
                <div className={classes['line']}>
                  <span>
                    <strong>{short}</strong> <span className="quiet">{what}</span>
                  </span>
                  {answer.onDuty[name] === undefined ? (
                    <Badge tone="warn">nobody</Badge>
                  ) : (
                    <span className={classes['title']}>{answer.onDuty[name]}</span>
                  )}
                </div>
                <Shift rota={answer} name={name} />
              </li>
            ))}
          </ul>
        )}
      </Answered>
    </Section>
  );
}

function Shift({ rota, name }: { readonly rota: Rota; readonly name: 'eoc' | 'imoc' | 'cmoc' }) {
  const at = Date.parse(rota.at);
  const shift = rota.shifts.find(
    (one) => one.rota === name && Date.parse(one.start) <= at && at < Date.parse(one.end),
  );
  if (!shift) return null;
  const after = rota.shifts.find((one) => one.rota === name && one.start === shift.end);
  return (
    <div className={classes['more']}>
      for <Countdown until={shift.end} /> more, until <Instant at={shift.end} />; then{' '}
      {after?.person ?? 'nobody yet'}
    </div>
  );
}
