import { useQuery } from '@tanstack/react-query';
import type { MonitoringAnswer } from '../../../src/contract/monitoring.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Empty, Waiting } from '../parts/empty.tsx';
import { Away } from '../parts/instant.tsx';
import { Said } from '../parts/said.tsx';
import { Section } from '../parts/page.tsx';
import { SetupHint } from '../setup/setup-hint.tsx';
import { askMonitoring } from '../server/questions.ts';
import classes from '../parts/rows.module.css';

type Environment = MonitoringAnswer['environments'][number];
type Probe = NonNullable<Environment['proof']>['probes'][number];

const TONES: Readonly<Record<Probe['verdict'], Tone>> = { pass: 'go', fail: 'stop', unknown: 'unknown' };

/** That monitoring lives: each probe, and what was answered to it. */
export function Proof() {
  const monitoring = useQuery(askMonitoring);
  return (
    <Section title="Proof of monitoring">
      <Answered query={monitoring} waiting={<Waiting rows={2} />}>
        {({ configured, environments }) =>
          configured ? (
            environments.map((environment) => (
              <OfEnvironment key={environment.name} environment={environment} />
            ))
          ) : (
            <Empty title="No monitoring is configured here, so nothing can be proven.">
              Set <code>PROMETHEUS_URL</code> and <code>ALERTMANAGER_URL</code>; <code>interlock doctor</code>{' '}
              says what it finds. <SetupHint />
            </Empty>
          )
        }
      </Answered>
    </Section>
  );
}

function OfEnvironment({ environment: { name, proof } }: { readonly environment: Environment }) {
  if (proof === null) return <Empty title={`Nothing was proven in ${name} yet.`} />;
  return (
    <>
      <p className="quiet">
        {name}, proven <Away at={proof.provedAt} />
        {!proof.counts && ': too old to count, it is asked anew before anything is decided'}
      </p>
      <ul className={classes['rows']}>
        {proof.probes.map((probe) => (
          <li key={`${probe.probe} ${probe.part} ${probe.because}`}>
            <OneProbe probe={probe} />
          </li>
        ))}
      </ul>
    </>
  );
}

function OneProbe({ probe }: { readonly probe: Probe }) {
  return (
    <details className={classes['probe']}>
      <summary>
        <strong>{probe.probe}</strong>
        <span className="quiet">{probe.part}</span>
        <span>
          <Said text={probe.because} />
        </span>
        <Badge tone={TONES[probe.verdict]}>{probe.verdict}</Badge>
      </summary>
      {probe.raw.length === 0 && <p className={classes['more']}>Nothing was asked for it.</p>}
      {probe.raw.map(({ request, status, body }) => (
        <div key={request}>
          <p className={classes['more']}>
            <code>{request}</code> answered {status ?? 'nothing'}
          </p>
          <pre className={classes['raw']} tabIndex={0} aria-label={`Answer to ${request}`}>
            {body}
          </pre>
        </div>
      ))}
    </details>
  );
}
