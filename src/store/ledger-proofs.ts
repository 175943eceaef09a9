import { sql } from 'kysely';
import type { LedgerFault } from '../contract/ledger.ts';
import type { Queries } from './database.ts';
import { digestOfProof, type KeptProof } from './proof-digest.ts';

/** Entries that are looked at at once. */
const PAGE = 2_000;
/** Proofs that are read at once: some hundred kilobytes of raw answers, so that other work of the process comes in between. */
const AT_ONCE = 20;
const MOST = 100;

/** A proof as an entry names it. */
interface NamedProof {
  readonly index: bigint;
  readonly proof: string;
  readonly digest: string;
}

type EntryProof = { readonly [K in keyof NamedProof]: K extends 'index' ? bigint : NamedProof[K] | null };

/**
 * Compares what is kept of each proof of monitoring with the digest by which the ledger names it. An entry that names a proof by its
 * number alone, as they once did, binds nothing and is passed by.
 */
export async function compareProofs(db: Queries): Promise<LedgerFault[]> {
  const faults: LedgerFault[] = [];
  for (let from = 0n; faults.length < MOST;) {
    const page = await entriesFrom(db, from);
    const last = page.at(-1);
    if (last === undefined) break;
    // Many decisions rest on one proof, and they stand close together.
    const named = new Map<string, NamedProof>();
    for (const { index, proof, digest } of page) {
      if (proof === null || digest === null || named.has(`${proof} ${digest}`)) continue;
      named.set(`${proof} ${digest}`, { index, proof, digest });
    }
    faults.push(...(await faultsOf(db, [...named.values()])));
    from = last.index + 1n;
  }
  return faults.slice(0, MOST);
}

/**
 * A page of the entries that name a proof by its digest, with both. By their text, for one that was altered may be no JSON: that is told by
 * its hash.
 */
async function entriesFrom(db: Queries, from: bigint): Promise<EntryProof[]> {
  const { rows } = await sql<EntryProof>`
    select index, substring(entry from '"proof":"([0-9]{1,18})"') as proof,
      substring(entry from '"proof":"(sha256:[0-9a-f]{64})"') as digest
    from (
      select index, entry from ledger_entries where index >= ${from} and entry like '%"proof":"sha256:%' order by index limit ${PAGE}
    ) page
    order by index`.execute(db);
  return rows;
}

async function faultsOf(db: Queries, named: readonly NamedProof[]): Promise<LedgerFault[]> {
  const faults: LedgerFault[] = [];
  for (let at = 0; at < named.length; at += AT_ONCE) {
    const some = named.slice(at, at + AT_ONCE);
    const digests = await digestsOf(
      db,
      some.map(({ proof }) => proof),
    );
    faults.push(...some.flatMap((one) => faultOf(one, digests.get(one.proof))));
  }
  return faults;
}

function faultOf({ index, proof, digest }: NamedProof, found: string | null | undefined): LedgerFault[] {
  if (found === digest) return [];
  const at = { first: index.toString(), last: index.toString() };
  const wanted = `expected proof ${proof} of monitoring, on which entry ${index} rests, as \`${digest}\``;
  return found === undefined
    ? [{ code: 'proof-missing', ...at, message: `${wanted}, got no such proof` }]
    : [{ code: 'proof-altered', ...at, message: `${wanted}, got ${found ?? 'what no proof is'}` }];
}

/** The digests of proofs as they are kept now; `null` of one that says what no proof can. */
async function digestsOf(db: Queries, ids: readonly string[]): Promise<Map<string, string | null>> {
  const { rows } = await sql<KeptProof & { readonly id: bigint }>`
    select id, environment, targets, prometheus, alertmanager, thanos, probes, places, proved_at
    from monitoring_proofs where id = any(${ids}::bigint[])`.execute(db);
  return new Map(rows.map((row) => [row.id.toString(), digestOrNull(row)]));
}

function digestOrNull(row: KeptProof): string | null {
  try {
    return digestOfProof(row);
  } catch {
    // Whoever changes it may write an instant or a number that JSON does not know: that is no reason to verify nothing.
    return null;
  }
}
