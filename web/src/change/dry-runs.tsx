import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ChangeView } from '../../../src/contract/changes.ts';
import type { DryRunDifference, DryRunView } from '../../../src/contract/dry-run.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { RunLine } from '../runs/run-line.tsx';
import { api } from '../server/api.ts';
import { askRunsOf } from '../server/questions.ts';
import rows from '../parts/rows.module.css';

/** What was executed of a request, and what was only tried; a twin beside the dry run that was reviewed. */
export function DryRuns({ view }: { readonly view: ChangeView }) {
  const runs = useQuery(askRunsOf(view.id));
  const dry = useQuery({
    queryKey: ['change', view.id, 'dry-runs'],
    queryFn: () => api<{ dryRuns: DryRunView[] }>(`/changes/${view.id}/dry-runs`),
  });
  return (
    <>
      <Section title="Runs">
        <Answered query={runs}>
          {(answer) =>
            answer.runs.length === 0 ? (
              <Empty title="It was not run yet.">
                On the bastion: <code>interlock run {view.id}</code>
              </Empty>
            ) : (
              <ul className={rows['rows']}>
                {answer.runs.map((run) => (
                  <li key={run.id}>
                    <RunLine run={run} />
                  </li>
                ))}
              </ul>
            )
          }
        </Answered>
      </Section>
      <Section title="Dry runs">
        <Answered query={dry}>
          {({ dryRuns }) =>
            dryRuns.length === 0 ? (
              <Empty title="No dry run was made.">
                On the bastion: <code>interlock dry-run {view.id}</code>
              </Empty>
            ) : (
              <ul className={rows['rows']}>
                {dryRuns.map((one) => (
                  <li key={one.id}>
                    <OneDryRun change={view.id} dryRun={one} current={one.planDigest === view.digest} />
                  </li>
                ))}
              </ul>
            )
          }
        </Answered>
      </Section>
    </>
  );
}

interface OneDryRunProps {
  readonly change: string;
  readonly dryRun: DryRunView;
  readonly current: boolean;
}

function OneDryRun({ change, dryRun, current }: OneDryRunProps) {
  const [open, setOpen] = useState(false);
  const { id, at, by, host, twin, ok, same, steps } = dryRun;
  return (
    <>
      <div className={rows['line']}>
        <span className={rows['title']}>
          {twin ? 'Repeated' : 'Dry run'} {id} by {by} on {host}
        </span>
        <span>
          <Badge tone={ok ? 'go' : 'stop'}>{ok ? 'went well' : 'failed'}</Badge>{' '}
          {same !== null && (
            <Badge tone={same ? 'go' : 'stop'}>{same ? 'as reviewed' : 'not as reviewed'}</Badge>
          )}
        </span>
      </div>
      <div className={rows['more']}>
        <Instant at={at} />, {steps.filter(({ executed }) => executed).length} of {steps.length} steps
        executed in their dry form{current ? '' : '; of an earlier plan'}
      </div>
      {same === false && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>Side by side with the reviewed one</summary>
          {open && <SideBySide change={change} dryRun={id} />}
        </details>
      )}
    </>
  );
}

function SideBySide({ change, dryRun }: { readonly change: string; readonly dryRun: string }) {
  const difference = useQuery({
    queryKey: ['change', change, 'dry-runs', dryRun],
    queryFn: () => api<DryRunDifference>(`/changes/${change}/dry-runs/${dryRun}/difference`),
  });
  return (
    <Answered query={difference}>
      {({ differences, more }) => (
        <>
          <table>
            <thead>
              <tr>
                <th scope="col">Line</th>
                <th scope="col">Reviewed</th>
                <th scope="col">Repeated</th>
              </tr>
            </thead>
            <tbody>
              {differences.map(({ line, reviewed, repeated }) => (
                <tr key={line}>
                  <td>{line}</td>
                  <td>
                    <code>{reviewed ?? ''}</code>
                  </td>
                  <td>
                    <code>{repeated ?? ''}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {more && <p className="quiet">There are more.</p>}
        </>
      )}
    </Answered>
  );
}
