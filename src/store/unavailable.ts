/**
 * PostgreSQL's own codes for "not now": connection exceptions, resources, operator intervention, start-up, a lock or a
 * statement that took too long. The last two: a server that died elsewhere may hold a lock until PostgreSQL notices.
 */
const NOT_NOW = /^(08|53|57P|55P03|57014)/;
const SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE', 'ETIMEDOUT', 'ENOENT']);
const SAID = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error',
  'is not currently accepting connections',
];

/** Whether an error says that the database cannot be reached now, so that trying again makes sense. */
export function unavailableDatabase(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    NOT_NOW.test(code) ||
    SOCKET.has(code) ||
    SAID.some((text) => error.message.includes(text)) ||
    (error.cause !== undefined && unavailableDatabase(error.cause))
  );
}
