import type { FastifyReply } from 'fastify';
import type { Recorded } from '../app/carry-out.ts';
import { valueOf, type Outcome } from '../app/outcome.ts';

/** The value of a recorded act; the index of its ledger entry goes into the header `interlock-ledger-index`. */
export function answer<T>(reply: FastifyReply, outcome: Outcome<Recorded<T>>): T {
  const { value, index } = valueOf(outcome);
  reply.header('interlock-ledger-index', String(index));
  return value;
}
