import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { WatchedView } from '../../../src/contract/acts.ts';
import type { RunView } from '../../../src/contract/runs.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Away } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { Said } from '../parts/said.tsx';
import { askWatched } from '../server/questions.ts';
import { Chart } from './chart.tsx';
import { rangeText } from './range-text.ts';
import { thresholdsOf, useSamples } from './samples.ts';
import classes from './watched.module.css';

type Metric = WatchedView['watched'][number];

const TONES: Readonly<Record<'pass' | 'fail' | 'unknown', Tone>> = {
  pass: 'go',
  fail: 'stop',
  unknown: 'unknown',
};

/** What the run watches: each metric as the bastion measured it last, with its ranges. */
export function Watched({ run }: { readonly run: RunView }) {
  const watched = useQuery({
    ...askWatched(run.id),
    ...(run.endedAt !== null && { refetchInterval: false as const }),
  });
  const samples = useSamples(run.id, run.endedAt === null);
  const moments = run.steps.flatMap(({ startedAt }) => (startedAt === null ? [] : [Date.parse(startedAt)]));
  return (
    <Section title="Watched metrics">
      <Answered query={watched}>
        {(answer) =>
          answer.watched.length === 0 ? (
            <Empty title="Its plan watches no metric." />
          ) : (
            <ul className={classes['metrics']}>
              {answer.watched.map((metric) => (
                <OneMetric key={metric.name} metric={metric}>
                  {(samples.get(metric.name)?.length ?? 0) > 0 && (
                    <Chart
                      label={`${metric.name} since the run began`}
                      charted={{
                        samples: samples.get(metric.name) ?? [],
                        thresholds: thresholdsOf(metric),
                        moments,
                      }}
                    />
                  )}
                </OneMetric>
              ))}
            </ul>
          )
        }
      </Answered>
    </Section>
  );
}

interface OneMetricProps {
  readonly metric: Metric;
  readonly children: ReactNode;
}

function OneMetric({ metric: { name, graph, expect, rollBackWhen, result }, children }: OneMetricProps) {
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
      {children}
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
      {result && result.verdict !== 'pass' && (
        <p className={classes['more']}>
          <Said text={result.because} />
        </p>
      )}
    </li>
  );
}
