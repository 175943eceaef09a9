import type { Connection } from '../ports/connection.ts';

/**
 * Whether a word that somebody posts at a peer reaches us with the account that posted it. One that tells of deployments or of incidents alone
 * names nobody who could prove anything by it.
 */
export function hearsWords({ hears, listens, offers, talk }: Connection): boolean {
  return (hears !== null || listens !== undefined) && (offers.tracker !== undefined || talk !== undefined);
}
