import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RotaName } from '../../../src/contract/people.ts';
import { Act } from '../parts/act.tsx';
import { Instant } from '../parts/instant.tsx';
import { send } from '../server/api.ts';
import { askMe } from '../server/questions.ts';
import { PersonSelect } from './person-select.tsx';

/** Offers the rest of one's own shift to somebody. */
export function HandOver({ rota, until }: { readonly rota: RotaName; readonly until: string }) {
  const me = useQuery(askMe).data;
  const [to, setTo] = useState('');
  return (
    <div data-print="hide">
      <Act
        label="Hand over"
        blocked={null}
        weight="press"
        object={rota.toUpperCase()}
        variant="default"
        size="xs"
        says={
          <>
            The rest of your shift, until <Instant at={until} />. Until they accept you stay on duty.
          </>
        }
        fields={<PersonSelect label="To whom" value={to} {...(me && { but: me.name })} onChange={setTo} />}
        act={() => send('POST', '/rota/hand-overs', { rota, to })}
      />
    </div>
  );
}
