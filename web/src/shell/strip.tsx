import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Away } from '../parts/instant.tsx';
import { askIncidents, askNow, askVetoes } from '../server/questions.ts';
import classes from './strip.module.css';

/** What stops production as a whole, above every page: a frozen ledger, an incident, a veto. */
export function Strip() {
  const now = useQuery(askNow);
  const vetoes = useQuery(askVetoes);
  const incidents = useQuery(askIncidents);
  const burning = incidents.data?.incidents.filter(({ status }) => status === 'active') ?? [];
  return (
    <div role="status" aria-live="polite" aria-label="What stops production" className={classes['strip']}>
      {now.data && now.data.frozen !== null && (
        <Line what="Frozen">Nothing may be executed: {now.data.frozen}</Line>
      )}
      {burning.map(({ id, title, severity, openedAt }) => (
        <Line key={id} what={`Incident ${severity}`}>
          {id} {title}, opened <Away at={openedAt} />
        </Line>
      ))}
      {vetoes.data?.vetoes.map(({ id, change, by, reason }) => (
        <Line key={id} what="Veto">
          {change === '*' ? 'All changes' : change}, by {by}: {reason}
        </Line>
      ))}
    </div>
  );
}

function Line({ what, children }: { readonly what: string; readonly children: ReactNode }) {
  return (
    <div className={classes['line']}>
      <strong>{what}</strong>
      <span className={classes['text']}>{children}</span>
    </div>
  );
}
