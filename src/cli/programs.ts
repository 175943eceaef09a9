import type { Finding } from '../contract/doctor.ts';
import type { ExitStatus } from '../contract/errors.ts';
import type { LedgerSource } from './ledger-source.ts';

/** What `serve` may be told on the command line; the environment says the rest. */
export interface ServeOptions {
  readonly host?: string;
  /** As it was written. */
  readonly port?: string;
  readonly data?: string;
  readonly policy?: string;
  readonly adminTokenFile?: string;
}

/** What `witness` was told: files and folder by their whole paths, the port as it was written. */
export interface WitnessOptions {
  readonly data: string;
  readonly log: readonly string[];
  readonly name?: string;
  readonly host: string;
  readonly port: string;
}

/** The programs that `main` wires, for the commands that run them. */
export interface Programs {
  /** Serves until it is told to stop. */
  serve(options: ServeOptions): Promise<ExitStatus>;
  /** Tells the demo's story; `once`: and ends with it. */
  demo(once: boolean): Promise<ExitStatus>;
  /** Cosigns what logs sign until it is told to stop. */
  witness(options: WitnessOptions): Promise<ExitStatus>;
  /** Looks at a data folder whose server does not run. */
  inspect(): Promise<readonly Finding[]>;
  /** Opens the ledger of a data folder whose server does not run. */
  openLedger(): Promise<LedgerSource>;
}
