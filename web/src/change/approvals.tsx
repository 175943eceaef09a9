import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ChangeView } from '../../../src/contract/changes.ts';
import type { WordDifference } from '../../../src/contract/word-fates.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { api } from '../server/api.ts';
import rows from '../parts/rows.module.css';

type Approval = ChangeView['approvals'][number];

/** Every word that was given, whether it still counts, and what differs since. */
export function Approvals({ view }: { readonly view: ChangeView }) {
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
      {view.exceptions.length > 0 && (
        <Section title="Exceptions">
          <ul className={rows['rows']}>
            {view.exceptions.map(({ id, rule, reason, by, approvedBy, current }) => (
              <li key={id}>
                <div className={rows['line']}>
                  <span className={rows['title']}>
                    <code>{rule}</code> {reason}
                  </span>
                  <Badge tone={approvedBy !== null && current ? 'go' : 'quiet'}>
                    {approvedBy === null ? 'asked for' : current ? 'approved' : 'void'}
                  </Badge>
                </div>
                <div className={rows['more']}>
                  by {by}
                  {approvedBy !== null && `, approved by ${approvedBy}`}
                </div>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

interface OneApprovalProps {
  readonly change: string;
  readonly approval: Approval;
  readonly differs: boolean;
}

function OneApproval({ change, approval, differs }: OneApprovalProps) {
  const [open, setOpen] = useState(false);
  const { person, as, for: about, via, at, current, withdrawnAt, voided } = approval;
  const state = withdrawnAt === null ? (current ? 'counts' : 'void') : 'withdrawn';
  return (
    <>
      <div className={rows['line']}>
        <span className={rows['title']}>
          {person} as {as}, for {about}
        </span>
        <Badge tone={current ? 'go' : 'quiet'}>{state}</Badge>
      </div>
      <div className={rows['more']}>
        in the {via}, <Instant at={at} />
        {voided && `; voided by ${voided.by}, who changed ${voided.parts.join(', ')}`}
      </div>
      {differs && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>What differs since</summary>
          {open && <Difference change={change} approval={approval.id} />}
        </details>
      )}
    </>
  );
}

function Difference({ change, approval }: { readonly change: string; readonly approval: string }) {
  const difference = useQuery({
    queryKey: ['change', change, 'difference', approval],
    queryFn: () => api<WordDifference>(`/changes/${change}/approvals/${approval}/difference`),
  });
  return (
    <Answered query={difference}>
      {({ differences }) => (
        <table>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">As approved</th>
              <th scope="col">Now</th>
            </tr>
          </thead>
          <tbody>
            {differences.map(({ path, before, after }) => (
              <tr key={path}>
                <td>
                  <code>{path}</code>
                </td>
                <td>{before ?? 'nothing'}</td>
                <td>{after ?? 'nothing'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Answered>
  );
}
