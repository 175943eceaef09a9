import { useQuery } from '@tanstack/react-query';
import type { ChangeView } from '../../../src/contract/changes.ts';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Fold } from '../parts/fold.tsx';
import { Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { askMe } from '../server/questions.ts';
import { ByVoice } from './by-voice.tsx';
import { Difference, partsText } from './difference.tsx';
import { Exceptions } from './exceptions.tsx';
import { useWhyNot } from './why-not.ts';
import { WithdrawAct } from './withdraw-act.tsx';
import rows from '../parts/rows.module.css';

type Approval = ChangeView['approvals'][number];

/** Every word that was given, whether it still counts, and what differs since. */
export function Approvals({ view }: { readonly view: ChangeView }) {
  const whyNot = useWhyNot(view.id);
  return (
    <>
      <Section title="Approvals">
        {view.approvals.length === 0 ? (
          <Empty title="Nobody has approved anything yet." />
        ) : (
          <ul className={rows['rows']}>
            {view.approvals.map((one) => (
              <li key={one.id}>
                <OneApproval change={view.id} approval={one} differs={one.digest !== view.digest} />
              </li>
            ))}
          </ul>
        )}
      </Section>
      <ByVoice view={view} blocked={whyNot('claim-word')} />
      <Exceptions view={view} blocked={whyNot('except')} />
    </>
  );
}

interface OneApprovalProps {
  readonly change: string;
  readonly approval: Approval;
  readonly differs: boolean;
}

const VIA: Readonly<Record<Approval['via'], string>> = {
  app: 'in the app',
  issue: 'in the discussion',
  chat: 'in the channel',
  voice: 'by voice',
};

/** Duties are said in capitals, roles are not. */
const roleText = (as: Approval['as']) => (/^(eoc|imoc|cmoc|vpe)$/.test(as) ? as.toUpperCase() : as);

const aboutText = (about: string) => (about.startsWith('lock:') ? `lock ${about.slice(5)}` : `the ${about}`);

function OneApproval({ change, approval, differs }: OneApprovalProps) {
  const me = useQuery(askMe).data?.name;
  const { person, as, for: about, via, at, current, withdrawnAt, expiresAt, voided, carried } = approval;
  const state = withdrawnAt === null ? (current ? 'counts' : 'void') : 'withdrawn';
  return (
    <>
      <div className={rows['line']}>
        <span className={rows['title']}>
          {person} as {roleText(as)}, for {aboutText(about)}
        </span>
        <Badge tone={current ? 'go' : 'quiet'}>{state}</Badge>
      </div>
      <div className={rows['more']}>
        {VIA[via]}, <Instant at={at} />
        {withdrawnAt !== null && (
          <>
            ; withdrawn <Instant at={withdrawnAt} />
          </>
        )}
        {expiresAt !== null && (
          <>
            ; until <Instant at={expiresAt} />
          </>
        )}
        {voided && (
          <>
            ; voided by {voided.by}, who changed {partsText(voided.parts)}, <Instant at={voided.at} />
          </>
        )}
        {current && carried && (
          <>
            ; still counts: the edit of {carried.by} left {partsText(carried.parts)} as they were
          </>
        )}
      </div>
      {person === me && current && <WithdrawAct change={change} approval={approval.id} />}
      {differs && (
        <Fold title="What differs since">{() => <Difference change={change} approval={approval.id} />}</Fold>
      )}
    </>
  );
}
