import type { Alert } from '../../kernel/incident/alerts.ts';
import type { Outcome } from '../../kernel/verify/outcome.ts';

/** What knows the alerts: Alertmanager. */
export interface AlertSource {
  /** Every alert that it holds as active, silenced ones too. Never throws for what the outside does. */
  alerts(): Promise<Outcome<readonly Alert[]>>;
}
