import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { VetoView } from '../../../src/contract/channel.ts';
import { Act } from '../parts/act.tsx';
import { Away } from '../parts/instant.tsx';
import { Said } from '../parts/said.tsx';
import { send } from '../server/api.ts';
import { askBurning, askMe, askNow, askVetoes } from '../server/questions.ts';
import classes from './strip.module.css';

/** What stops production as a whole, above every page: a frozen ledger, an incident, a veto. */
export function Strip() {
  const now = useQuery(askNow);
  const vetoes = useQuery(askVetoes);
  const burning = useQuery(askBurning);
  return (
    <div role="status" aria-live="polite" aria-label="What stops production" className={classes['strip']}>
      {now.data && now.data.frozen !== null && (
        <Line what="Frozen">
          Nothing may be executed: <Said text={now.data.frozen} />
        </Line>
      )}
      {burning.data?.map(({ id, title, severity, openedAt }) => (
        <Line key={id} what={`Incident ${severity}`}>
          {id} {title}, opened <Away at={openedAt} />
        </Line>
      ))}
      {vetoes.data?.vetoes.map((veto) => (
        <Line key={veto.id} what="Veto" act={<Lift veto={veto} />}>
          {veto.change === '*' ? 'All changes' : veto.change}, by {veto.by}: <Said text={veto.reason} />
        </Line>
      ))}
    </div>
  );
}

/** Who laid it need not be the one who lifts it: an EOC or IMOC on duty does. */
function Lift({ veto }: { readonly veto: VetoView }) {
  const { data: me } = useQuery(askMe);
  const onDuty = me?.onDuty.some((rota) => rota === 'eoc' || rota === 'imoc') ?? false;
  const object = veto.change === '*' ? 'the veto on all' : `the veto on ${veto.change}`;
  return (
    <Act
      label="Lift"
      object={object}
      weight="press"
      size="xs"
      variant="default"
      reason="over"
      blocked={onDuty ? null : `expected an EOC or IMOC on duty, got \`${me?.name ?? ''}\``}
      says="What it stops may be asked for again; whether it may start the interlock then says."
      act={() => send('POST', `/vetoes/${veto.id}/lift`)}
    />
  );
}

interface LineProps {
  readonly what: string;
  readonly act?: ReactNode;
  readonly children: ReactNode;
}

function Line({ what, act, children }: LineProps) {
  return (
    <div className={classes['line']}>
      <strong>{what}</strong>
      <span className={classes['text']}>{children}</span>
      {act}
    </div>
  );
}
