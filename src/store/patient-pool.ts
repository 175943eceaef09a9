import { Client, Pool } from 'pg';
import { unavailableDatabase } from './unavailable.ts';

/** What PostgreSQL says while it starts: the one loss of the database after which the scheduler tries again. */
const CANNOT_CONNECT_NOW = '57P03';

type Connected = (error: Error) => void;

/**
 * The scheduler tells the database what became of a job, and tries that again after `cannot_connect_now` only: any other loss of
 * the database at that moment is a rejection that nobody handles, and ends the process. So every loss bears that code here.
 */
class PatientClient extends Client {
  override connect(): Promise<Client>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<Client> | void {
    if (callback === undefined) return super.connect().catch(throwPatiently);
    super.connect((error: Error | null) => callback(error === null ? (error as never) : patient(error)));
  }

  // The driver's overloads are many; each is passed on as it came.
  // oxlint-disable-next-line typescript/no-explicit-any
  override query(...sent: any[]): any {
    const answer: unknown = super.query(...(sent as [string]));
    return answer instanceof Promise ? answer.catch(throwPatiently) : answer;
  }
}

/** Once it has ended it connects nobody: what still tries again then waits, and ends with the process. */
class PatientPool extends Pool {
  // oxlint-disable-next-line typescript/no-explicit-any
  override connect(...sent: any[]): any {
    return this.ending ? new Promise(() => undefined) : super.connect(...(sent as []));
  }
}

function patient(error: Error): Error {
  if (!unavailableDatabase(error)) return error;
  return Object.assign(new Error(error.message, { cause: error }), { code: CANNOT_CONNECT_NOW });
}

function throwPatiently(error: unknown): never {
  throw error instanceof Error ? patient(error) : error;
}

/** Connections for the scheduler; `told` of those that broke. */
export function patientPool(url: string, most: number, told: (error: Error) => void): Pool {
  const pool = new PatientPool({ connectionString: url, max: most, Client: PatientClient });
  pool.on('error', told);
  pool.on('connect', (client) => client.on('error', told));
  return pool;
}
