import { startAlertmanager } from '../../test/kit/alertmanager.ts';
import { eventually } from '../../test/kit/loopback-process.ts';
import { proveMonitoring } from '../../test/kit/monitoring-proof.ts';
import { startPrometheus } from '../../test/kit/prometheus.ts';
import { realHistory, type History, type Where } from './history.ts';
import { textOf, type FaultKind } from './schedule.ts';
import { whyNoSmallDisk } from './site.ts';
import { forget, prepare, type Monitoring } from './world.ts';

const ON_DISKS: readonly FaultKind[] = ['fill the disk of the journal', 'fill the disk of the ledger'];
const ON_MONITORING: readonly FaultKind[] = [
  'take Prometheus away',
  'fire an alert',
  'tell of alerts that are none',
];

export interface Campaign {
  readonly seed: string;
  /** Which of its histories, by their numbers. */
  readonly histories: readonly number[];
  /** Without it there is no Prometheus and no Alertmanager, and nothing asks for them: they take seconds to be proven. */
  readonly monitored: boolean;
  readonly tell: (line: string) => void;
}

/** Real histories one after the other, each of its own seed; tells of each, and of one that violated something how to see it again. */
export async function campaign({ seed, histories, monitored, tell }: Campaign): Promise<readonly History[]> {
  const programs = monitored ? await startMonitoring() : null;
  const where = await lay(programs?.monitoring ?? null, tell);
  const told: History[] = [];
  try {
    for (const index of histories) {
      const history = await realHistory(`${seed}:${index}`, where);
      told.push(history);
      tell(lineOf(history));
      for (const violation of history.violations) tell(`  ${violation}`);
      if (history.folder !== null)
        tell(
          `  kept in ${history.folder}; again: npm run faults -- --real --seed ${seed} --history ${index}`,
        );
    }
  } finally {
    await programs?.stop();
    if (told.every(({ folder }) => folder === null)) await forget(where.prepared);
  }
  return told;
}

async function lay(monitoring: Monitoring | null, tell: (line: string) => void): Promise<Where> {
  const prepared = await prepare(monitoring);
  const without = whyNoSmallDisk(prepared.folder);
  if (without !== null) tell(`left out: full disks, because ${without}`);
  if (monitoring === null) tell('left out: monitoring and its alerts, because this campaign has none');
  const impossible = [...(without === null ? [] : ON_DISKS), ...(monitoring === null ? ON_MONITORING : [])];
  return { prepared, impossible };
}

function lineOf({ seed, beginning, faults, struck, ends, lastedMs, violations }: History): string {
  const verdict = violations.length === 0 ? 'kept' : 'VIOLATED';
  const all = faults.map(textOf).join('; ');
  return `${seed} ${verdict} in ${(lastedMs / 1_000).toFixed(1)} s: ${beginning}; ${all} (${struck.length} of ${faults.length} struck); ${ends.join(', ')}`;
}

/** One real Prometheus and Alertmanager for the whole campaign, proven to live. */
async function startMonitoring(): Promise<{ monitoring: Monitoring; stop: () => Promise<void> }> {
  const alertmanager = await startAlertmanager();
  const prometheus = await startPrometheus({
    scraped: [{ job: 'alertmanager', port: alertmanager.port }],
    alertmanagerPort: alertmanager.port,
  });
  const monitoring = { prometheus: prometheus.url, alertmanager: alertmanager.url };
  await eventually(
    () => proveMonitoring({ ...monitoring, thanos: 'absent' }, {}),
    (proof) => proof.prometheus === 'pass' && proof.alertmanager === 'pass',
  );
  return { monitoring, stop: async () => void (await Promise.all([prometheus.stop(), alertmanager.stop()])) };
}
