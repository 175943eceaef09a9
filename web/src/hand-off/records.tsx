import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { HandOffFacts } from '../../../src/contract/hand-offs.ts';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { Said } from '../parts/said.tsx';
import { spanText } from '../parts/time.ts';
import { STEP_TONES } from '../parts/tones.ts';
import rows from '../parts/rows.module.css';

const VERDICTS: Readonly<Record<'pass' | 'fail' | 'unknown', Tone>> = {
  pass: 'go',
  fail: 'stop',
  unknown: 'unknown',
};

/** What the records say of a run that is handed off. */
export function HandOffRecords({ facts }: { readonly facts: HandOffFacts }) {
  const { steps, skipped, undone, postchecks, silences, watch, later, tasks } = facts;
  return (
    <Section title="What the records say">
      <p className="quiet">
        As of <Instant at={facts.at} show="exact" />: {steps.succeeded} of {steps.of} steps succeeded
        {undone > 0 && `, ${undone} were undone`}.
      </p>
      <Rows title="Steps that did not simply succeed" none="Every step succeeded.">
        {skipped.map(({ step, state, because, settledBy }) => (
          <Row key={step} title={step} badge={<Badge tone={STEP_TONES[state]}>{state}</Badge>}>
            {because !== null && <Said text={because} />} {settledBy !== null && `Stated by ${settledBy}.`}
          </Row>
        ))}
      </Rows>
      <Rows title="Checks after it" none="Its plan has none.">
        {postchecks.map(({ name, verdict }) => (
          <Row key={name} title={name} badge={<Badge tone={VERDICTS[verdict]}>{verdict}</Badge>} />
        ))}
      </Rows>
      <Rows title="Silences that stand" none="Nothing is silenced.">
        {silences.map(({ labels, endsAt, handedTo, hides }) => (
          <Row
            key={`${labels} ${endsAt}`}
            title={labels}
            badge={
              <Badge tone={hides === null ? 'unknown' : hides > 0 ? 'warn' : 'quiet'}>
                {hides === null ? 'not known what it hides' : `hides ${hides} now`}
              </Badge>
            }
          >
            until <Instant at={endsAt} />
            {handedTo !== null && `, ${handedTo} has it`}. <Link to="/silences">End it or hand it over</Link>
          </Row>
        ))}
      </Rows>
      <Rows title="Watched metrics" none="Its plan watches none.">
        {watch.map(({ name, graph, verdict }) => (
          <Row key={name} title={name} badge={<Badge tone={VERDICTS[verdict]}>{verdict}</Badge>}>
            <a href={graph} rel="noreferrer noopener" target="_blank">
              Graph
            </a>
          </Row>
        ))}
      </Rows>
      <Rows title="Still to come" none="Nothing is open.">
        {later.map(({ name, afterMs }) => (
          <Row key={name} title={name}>
            {spanText(afterMs)} after the end
          </Row>
        ))}
        {tasks.map(({ task, title, owner }) => (
          <Row key={task} title={task}>
            {owner}: <Said text={title} />
          </Row>
        ))}
      </Rows>
    </Section>
  );
}

interface RowsProps {
  readonly title: string;
  readonly none: string;
  readonly children: readonly ReactNode[] | readonly (readonly ReactNode[])[];
}

function Rows({ title, none, children }: RowsProps) {
  return (
    <>
      <h3>{title}</h3>
      {children.flat().length === 0 ? (
        <p className="quiet">{none}</p>
      ) : (
        <ul className={rows['rows']}>{children}</ul>
      )}
    </>
  );
}

interface RowProps {
  readonly title: string;
  readonly badge?: ReactNode;
  readonly children?: ReactNode;
}

function Row({ title, badge, children }: RowProps) {
  return (
    <li>
      <div className={rows['line']}>
        <span className={rows['title']}>{title}</span>
        {badge}
      </div>
      {children !== undefined && <div className={rows['more']}>{children}</div>}
    </li>
  );
}
