import type { CompiledQuery, DatabaseConnection, Driver, QueryResult, TransactionSettings } from 'kysely';

/** How what only reads begins; a savepoint by itself is an error outside of a transaction. */
const READS = /^\s*(?:\/\*.*?\*\/\s*)?(?:select|with|savepoint)\b/i;
/** What does more than that wherever it stands in a statement; `for update` only locks. */
const WRITES = /\b(?:insert|(?<!for |key )update|delete|merge|truncate|ledger_append|nextval)\b/i;

/**
 * One transaction on its connection. Neither its beginning nor its end needs a round trip of its own: what only reads goes out right
 * behind the beginning, and the commit right behind what is asked for last.
 *
 * INVARIANT: nothing is written before it is known that the transaction has begun, and nothing that was read counts before: what is sent
 * behind a beginning that failed is carried out by itself.
 */
export class OpenTransaction implements DatabaseConnection {
  readonly #connection: DatabaseConnection;
  readonly #driver: Driver;
  readonly #begun: Promise<void>;
  #hasBegun = false;
  #waits = false;
  #asked = 0;
  #ended = false;
  #committed: Promise<void> | null = null;

  constructor(connection: DatabaseConnection, driver: Driver, settings: TransactionSettings) {
    this.#connection = connection;
    this.#driver = driver;
    this.#begun = driver.beginTransaction(connection, settings);
    this.#begun.then(
      () => (this.#hasBegun = true),
      // Whoever needs it to have begun hears of it there.
      () => undefined,
    );
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#ended) throw new Error('expected a transaction that goes on, got one that ended');
    this.#asked += 1;
    // Once one waits all behind it do, so that none overtakes it.
    if (!this.#hasBegun) this.#waits ||= !READS.test(query.sql) || WRITES.test(query.sql);
    if (this.#waits) await this.#begun;
    if (this.#waits || this.#hasBegun) return this.#connection.executeQuery<R>(query);
    const answered = this.#connection.executeQuery<R>(query);
    await Promise.all([this.#begun, answered]);
    return answered;
  }

  // oxlint-disable-next-line require-yield -- the builder's type wants it; the driver cannot, while it pipelines
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('expected a statement that is answered at once, got one that streams');
  }

  /** Sends the commit right behind the statements that `last` asks for at once; nothing may be asked after it. */
  async commitBehind<R>(last: () => Promise<R>): Promise<R> {
    const before = this.#asked;
    const answered = last();
    if (this.#asked === before) {
      await answered;
      throw new Error('expected a last statement that is asked for at once, got none');
    }
    this.#commit().catch(() => undefined);
    return answered;
  }

  /** Done when what was done in it is durable. @throws also where PostgreSQL undid it instead. */
  async commit(): Promise<void> {
    await Promise.all([this.#begun, this.#commit()]);
  }

  /** Undoes it, unless it has ended. */
  async undo(): Promise<void> {
    this.#ended = true;
    try {
      await this.#begun;
      await (this.#committed ?? this.#driver.rollbackTransaction(this.#connection));
    } catch {
      // Whoever undoes has an error already; the driver lets go of a connection that cannot be used any more.
    }
  }

  #commit(): Promise<void> {
    this.#ended = true;
    const commit = () => this.#driver.commitTransaction(this.#connection);
    this.#committed ??= this.#waits ? this.#begun.then(commit) : commit();
    return this.#committed;
  }
}
