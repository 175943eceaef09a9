import type { LedgerFault } from '../contract/ledger.ts';
import { openCheckpoint } from '../kernel/ledger/checkpoint.ts';
import { transact, type Queries } from '../store/database.ts';
import { readIfThere } from '../store/durable-file.ts';
import { ed25519Verifier } from '../store/ledger-crypto.ts';
import { insertFreeze, standingFreeze } from '../store/ledger-freezes.ts';
import { insertMessage } from '../store/messages.ts';
import { onDutyNow } from '../store/rota.ts';
import { heldRoles } from '../store/standing-roles.ts';
import type { AppContext } from './context.ts';
import type { Ledger } from './ledger.ts';
import { tellPeople } from './notice/tell.ts';

/** What is needed to act on what is found wrong: `context.ledger.frozen` is set, the log and the metrics say so. */
export type LedgerContext = Pick<AppContext, 'ledger' | 'log' | 'metrics' | 'policy'>;

/** Why nothing may be executed: what this server found, or what stands in the database from any other. `null` if it may. */
export async function whyFrozen({ ledger }: Pick<AppContext, 'ledger'>, db: Queries): Promise<string | null> {
  const standing = await standingFreeze(db);
  // Read last: the connection that was made for the question may be what has found it.
  return ledger.frozen ?? standing;
}

/**
 * Freezes: nothing is executed until the program is started on a ledger that is sound. Says so in the log and the metrics
 * always, to every other server and to the people on duty where the database can still be written.
 */
export async function freeze(context: LedgerContext, faults: readonly LedgerFault[]): Promise<void> {
  gauge(context, 'frozen', 1);
  if (context.ledger.frozen !== null) return;
  const [fault] = faults;
  const more = faults.length > 1 ? `, and ${faults.length - 1} more` : '';
  const because =
    fault === undefined ? 'the ledger does not verify' : `${fault.code}: ${fault.message}${more}`;
  context.ledger.frozen = because;
  context.log.error({ faults }, `the ledger does not verify, nothing may be executed: ${because}`);
  await page(context);
}

/** Tells every other server and the people on duty of a frozen ledger, once; where that fails it is tried again with the next turn of the watch. */
export async function page(context: LedgerContext): Promise<void> {
  const { frozen, book } = context.ledger;
  if (frozen === null || context.ledger.paged) return;
  const body = `The ledger does not verify, nothing may be executed: ${frozen}. Run \`interlock ledger verify\`, and keep database and data folder as they are.`;
  try {
    const anchor = await heldOutside(book);
    // By itself: what keeps people from being told keeps no server from being stopped.
    await transact(book.db, (tx) => insertFreeze(tx, { because: frozen, anchor }));
    await transact(book.db, async (tx) => {
      const { eoc, imoc } = await onDutyNow(tx);
      const onDuty = [eoc, imoc].filter((person) => person !== undefined);
      // Where nobody is on duty somebody must hear of it all the same.
      const to = onDuty.length > 0 ? onDuty : await administrators(tx);
      // Once a day for one reason, however many servers find it.
      const day = new Date().toISOString().slice(0, 10);
      const told = await tellPeople(tx, {
        to,
        key: `ledger-frozen:${day}:${frozen}`,
        kind: 'ledger-frozen',
        about: `ledger/${book.key.verifier.name}`,
        body,
      });
      if (told.length > 0)
        await insertMessage(tx, { place: 'channel', change_id: null, person: 'interlock', body });
    });
    context.ledger.paged = true;
  } catch (error) {
    context.log.error(
      { error: String(error) },
      'nobody could be told that the ledger is frozen; trying again',
    );
  }
}

/** The checkpoint outside the database, where it is one of this log. */
async function heldOutside(book: Ledger): Promise<string | null> {
  const held = await openHeld(book);
  return held === null ? null : Buffer.from(held.bytes).toString('utf8');
}

/** How many entries the checkpoint outside the database was signed for. */
export async function anchored(book: Ledger): Promise<bigint | null> {
  return (await openHeld(book))?.size ?? null;
}

async function openHeld({ anchorFile, key }: Ledger): Promise<{ bytes: Uint8Array; size: bigint } | null> {
  const bytes = await readIfThere(anchorFile);
  if (bytes === null) return null;
  const opened = openCheckpoint(bytes, key.verifier, ed25519Verifier());
  return opened.ok ? { bytes, size: opened.checkpoint.size } : null;
}

async function administrators(tx: Parameters<typeof heldRoles>[0]): Promise<string[]> {
  const held = await heldRoles(tx);
  return [...held].filter(([, roles]) => roles.includes('admin')).map(([person]) => person);
}

const GAUGES = {
  frozen: ['interlock_ledger_frozen', 'Whether the ledger does not verify, so that nothing may be executed.'],
  size: ['interlock_ledger_size', 'Entries of the ledger when it was last signed or verified.'],
} as const;

export function gauge({ metrics }: LedgerContext, which: keyof typeof GAUGES, value: number): void {
  const [name, help] = GAUGES[which];
  metrics.declare(name, 'gauge', help);
  metrics.set(name, {}, value);
}
