import {
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresDialect,
  Transaction as KyselyTransaction,
} from 'kysely';
import { DatabaseError, Pool, type ClientBase } from 'pg';
import { OpenTransaction } from './open-transaction.ts';
import { preparing } from './prepared-statements.ts';
import type { Schema } from './schema.ts';
import { parseValue } from './values.ts';

/**
 * A transaction: every store function that writes takes one, and never commits it. Statements that are asked for at once go out
 * at once and are carried out in that order, each after the one before it.
 */
export type Transaction = KyselyTransaction<Schema>;

/** What a function that only reads may be given: the database itself or a transaction. */
export type Queries = Kysely<Schema>;

export interface DatabaseOptions {
  /** Most connections at once. */
  readonly connections?: number;
  /** Longest a statement may take. */
  readonly statementTimeoutMs?: number;
  /** Shown in `pg_stat_activity`. */
  readonly name?: string;
  /** Told of connections that broke while nobody used them; the pool has replaced them by then. */
  readonly onBrokenConnection?: (error: Error) => void;
}

/**
 * The pool of connections as a typed query builder. `destroy()` ends it. Connects at the first query, not before.
 * `int8` comes as `bigint`, `timestamptz` as `Date`, `date`, `numeric` and ranges as text. A statement that begins with
 * `/* prepared: name *\/` is prepared once a connection under that name.
 */
export class Database extends Kysely<Schema> {
  readonly url: string;
  /** For LISTEN and COPY, which need a connection of their own. */
  readonly pool: Pool;
  /** Looks at each new connection before anything else is asked of it: after a fail-over another server may answer. */
  lookAtNew: ((client: ClientBase) => Promise<void>) | null = null;

  readonly #dialect: PostgresDialect;
  readonly #driver: Driver;

  constructor(url: string, pool: Pool) {
    const dialect = new PostgresDialect({ pool: preparing(pool) });
    super({ dialect });
    this.url = url;
    this.pool = pool;
    this.#dialect = dialect;
    // Of a connection that it is given it needs to know nothing else.
    this.#driver = dialect.createDriver();
  }

  /**
   * Begins a transaction on this connection. The builder's own sends a statement when the one before it was answered; the driver keeps
   * them in order without that.
   */
  begin(connection: DatabaseConnection, options: TransactOptions): Transaction {
    const dialect = this.#dialect;
    const open = new OpenTransaction(connection, this.#driver, {
      isolationLevel: options.isolation ?? 'read committed',
      accessMode: options.readOnly === true ? 'read only' : 'read write',
    });
    const executor = this.getExecutor().withConnectionProvider({
      provideConnection: (consumer) => consumer(open),
    });
    const tx: Transaction = new KyselyTransaction({
      config: { dialect },
      dialect,
      driver: this.#driver,
      executor,
    });
    opened.set(tx, open);
    return tx;
  }

  /** Ends every connection; the builder alone would keep a pool open that only others have used. */
  override async destroy(): Promise<void> {
    await super.destroy();
    if (!this.pool.ending) await this.pool.end();
  }
}

/** Opens the database at an address such as `postgres://user@host/name`. Nothing is contacted yet. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const pool = new Pool({
    connectionString: url,
    max: options.connections ?? 10,
    pipeline: true,
    connectionTimeoutMillis: 10_000,
    application_name: options.name ?? 'interlock',
    types: { getTypeParser: parseValue },
    // eslint-disable-next-line typescript/no-misused-promises -- the pool waits for it; its types do not say so
    onConnect: async (client: ClientBase) => {
      await client.query(sessionSettings(options.statementTimeoutMs ?? 30_000));
      await database.lookAtNew?.(client);
    },
  });
  const told = options.onBrokenConnection ?? (() => undefined);
  // One that is ended may hear the server end before it: that is our own closing, and nobody's trouble.
  pool.on('error', (error) => {
    if (!pool.ending) told(error);
  });
  // Also while it is taken: without a listener a connection that breaks between two statements ends the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const database = new Database(url, pool);
  return database;
}

/**
 * Where the role exists, the application works under it, so that the grants hold that keep the ledger from being changed;
 * it does not exist only before the first migration. One round trip. The role comes last: it may lack the other rights.
 */
function sessionSettings(statementTimeoutMs: number): string {
  return `
    set timezone = 'UTC';
    set statement_timeout = ${statementTimeoutMs};
    set lock_timeout = 10000;
    set idle_in_transaction_session_timeout = 60000;
    select set_config('role', rolname, false) from pg_roles where rolname = 'interlock_app'`;
}

export interface TransactOptions {
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
  readonly readOnly?: boolean;
  /** How often the work is begun anew after a deadlock or a serialization failure. */
  readonly retries?: number;
}

/** The server has undone everything and says that trying again makes sense. */
const RETRYABLE: ReadonlySet<unknown> = new Set(['40001', '40P01']);

/**
 * Runs `work` in one transaction: committed when it resolves, undone when it throws. After a deadlock or a serialization
 * failure it runs again from the start, so it must have no effect outside of the transaction. Anything else is thrown as
 * it is, a connection lost during the commit too: then nobody knows what became of it.
 */
export async function transact<T>(
  db: Database,
  work: (tx: Transaction) => Promise<T>,
  options: TransactOptions = {},
): Promise<T> {
  const retries = options.retries ?? 5;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await db
        .getExecutor()
        .provideConnection((connection) => carriedOut(db.begin(connection, options), work));
    } catch (error) {
      if (attempt >= retries || !RETRYABLE.has(sqlState(error))) throw error;
    }
    await new Promise((done) => setTimeout(done, Math.random() * 10 * 2 ** attempt));
  }
}

async function carriedOut<T>(tx: Transaction, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const open = openOf(tx);
  try {
    const result = await work(tx);
    await open.commit();
    return result;
  } catch (error) {
    await open.undo();
    throw error;
  }
}

/**
 * Asks for the last statements of a transaction, and commits right behind them: it ends a round trip sooner, and with it whatever lock
 * those take. They have to be asked for at once, and nothing after them; what is done with their answers comes too late to undo
 * anything. Durable is what `transact` gives, as ever.
 */
export async function andCommit<R>(tx: Transaction, last: () => Promise<R>): Promise<R> {
  return openOf(tx).commitBehind(last);
}

const opened = new WeakMap<Transaction, OpenTransaction>();

function openOf(tx: Transaction): OpenTransaction {
  const open = opened.get(tx);
  if (!open) throw new Error('expected a transaction that `transact` began, got another');
  return open;
}

/** The SQLSTATE of an error that the server answered (`23505`), or undefined for any other. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined;
}

/** The constraint that a write violated, or undefined where none was. */
export function violatedConstraint(error: unknown): string | undefined {
  return error instanceof DatabaseError && error.code?.startsWith('23') === true
    ? error.constraint
    : undefined;
}
