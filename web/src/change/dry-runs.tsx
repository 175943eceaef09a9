import { useQuery } from '@tanstack/react-query';
import type { ChangeView } from '../../../src/contract/changes.ts';
import type { DryRunView } from '../../../src/contract/dry-run.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Fold } from '../parts/fold.tsx';
import { Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { Said } from '../parts/said.tsx';
import { RunLine } from '../runs/run-line.tsx';
import { askRunsOf } from '../server/questions.ts';
import { SilencesOf } from '../silences/of-change.tsx';
import { capacityText } from './approve-act.tsx';
import { askDryRuns } from './ask-dry-runs.ts';
import { Twin } from './twin.tsx';
import rows from '../parts/rows.module.css';

/** What was executed of a request, and what was only tried; a twin beside the dry run that was reviewed. */
export function DryRuns({ view }: { readonly view: ChangeView }) {
  const runs = useQuery(askRunsOf(view.id));
  const dry = useQuery(askDryRuns(view.id));
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
      <SilencesOf view={view} />
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
                    <OneDryRun view={view} dryRun={one} />
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
  readonly view: ChangeView;
  readonly dryRun: DryRunView;
}

function OneDryRun({ view, dryRun }: OneDryRunProps) {
  const { id, at, by, host, planDigest, twin, ok, same, steps, comparedWith, acceptances } = dryRun;
  const failed = steps.filter((step) => !step.ok);
  return (
    <>
      <div className={rows['line']}>
        <span className={rows['title']}>
          {twin ? 'Repeated dry run' : 'Dry run'} {id} by {by} on {host}
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
        executed in their dry form{planDigest === view.digest ? '' : '; of an earlier plan'}.{' '}
        <a
          href={`/api/v1/changes/${view.id}/dry-runs/${id}/output`}
          download={`${view.id}-dry-run-${id}.txt`}
        >
          What it printed
        </a>
      </div>
      {failed.map((step) => (
        <p key={`${step.list} ${step.name}`} className={rows['more']}>
          {step.name}: <Said text={step.because} />
        </p>
      ))}
      {acceptances.map(({ by: person, as, because, at: when }) => (
        <p key={person} className={rows['more']}>
          Its difference was accepted by {person} as {capacityText(as)}, <Instant at={when} />:{' '}
          <Said text={because} />
        </p>
      ))}
      {comparedWith !== null && (
        <Fold title="Side by side with the reviewed one">
          {() => <Twin view={view} twin={dryRun} reviewed={comparedWith} />}
        </Fold>
      )}
    </>
  );
}
