import type { ColumnType, Generated } from 'kysely';

type PartVerdict = 'pass' | 'fail' | 'unknown';

interface MonitoringProofs {
  id: ColumnType<bigint, never, never>;
  environment: string;
  /** Sorted; none where no plan was in question. */
  targets: string[];
  prometheus: PartVerdict;
  alertmanager: PartVerdict;
  thanos: PartVerdict;
  /** The probes with their raw answers; written as JSON text, read parsed. */
  probes: ColumnType<unknown, string, never>;
  /** Environments in which each target was seen. */
  places: ColumnType<unknown, string, never>;
  proved_at: ColumnType<Date, Date, never>;
  /** Of all of the above; `null` of a proof from before they had one. */
  digest: ColumnType<string | null, string, never>;
  kept: Generated<boolean>;
}

/** The tables of `0005-monitoring.sql` and `0088-proof-digests.sql`. */
export interface MonitoringTables {
  monitoring_proofs: MonitoringProofs;
}
