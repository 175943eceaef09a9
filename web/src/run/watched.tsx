import { useQuery } from '@tanstack/react-query';
import type { WatchedView } from '../../../src/contract/acts.ts';
import type { RunView } from '../../../src/contract/runs.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Away } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { askWatched } from '../server/questions.ts';
import { rangeText } from './range-text.ts';
import classes from './watched.module.css';

type Metric = WatchedView['watched'][number];

const TONES: Readonly<Record<'pass' | 'fail' | 'unknown', Tone>> = {
  pass: 'go',
  fail: 'stop',
  unknown: 'unknown',
};

/** What the run watches: each metric as the bastion measured it last, with its ranges. */
export function Watched({ run }: { readonly run: RunView }) {
  const watched = useQuery(askWatched(run.id));
  return (
    <Section title="Watched metrics">
      <Answered query={watched}>
        {(answer) =>
          answer.watched.length === 0 ? (
            <Empty title="Its plan watches no metric." />
          ) : (
            <ul className={classes['metrics']}>
              {answer.watched.map((metric) => (
                <OneMetric key={metric.name} metric={metric} />
              ))}
            </ul>
          )
        }
      </Answered>
    </Section>
  );
}

function OneMetric({ metric: { name, graph, expect, rollBackWhen, result } }: { readonly metric: Metric }) {
  const last = result?.measurements.at(-1);
  return (
    <li>
      <div className={classes['line']}>
        <strong>{name}</strong>
        {result ? (
          <Badge tone={TONES[result.verdict]}>{result.verdict}</Badge>
        ) : (
          <Badge tone="quiet">not measured</Badge>
        )}
      </div>
      {last && (
        <p className={classes['value']}>
          {String(last.value)}{' '}
          <span className={classes['more']}>
            <Away at={last.measuredAt} />
          </span>
        </p>
      )}
      <p className={classes['more']}>
        {expect && `right when ${rangeText(expect)}`}
        {rollBackWhen && `; rolled back when ${rangeText(rollBackWhen)}`}
        {graph !== null && (
          <>
            .{' '}
            <a href={graph} rel="noreferrer noopener" target="_blank">
              Graph
            </a>
          </>
        )}
      </p>
      {result && result.verdict !== 'pass' && <p className={classes['more']}>{result.because}</p>}
    </li>
  );
}
