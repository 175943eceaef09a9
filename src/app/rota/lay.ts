import type { RotaName } from '../../contract/people.ts';
import { overlay, swaps, type Held } from '../../kernel/calendar/overlay.ts';
import type { Transaction } from '../../store/database.ts';
import { entriesFrom, retireEntriesOf } from '../../store/rota-entries.ts';
import { endShift, insertShift, laidFrom, type LaidShift } from '../../store/rota.ts';
import type { SourceRow } from '../../store/rota-sources.ts';
import type { AppContext } from '../context.ts';
import { tellOfSwaps } from './swap.ts';

/** From when on a rota is laid anew, and who changed it. */
export interface Laying {
  readonly now: Date;
  readonly by: string;
}

/**
 * Lays a rota anew from now on out of its plan and what covers it, and tells whom it concerns that somebody else is on call. Every
 * way to change a rota ends here, in its own transaction, with the rotas held. What does not change stays as it was recorded.
 */
export async function layRota(
  tx: Transaction,
  context: AppContext,
  rota: RotaName,
  { now, by }: Laying,
): Promise<void> {
  const nowMs = now.getTime();
  const laid = await laidFrom(tx, rota, now);
  const wanted = await wantedOf(tx, rota, now);
  const old = laid.map((shift) => ({ shift, piece: fromNow(pieceOf(shift), nowMs) }));
  for (const { shift, piece } of old) {
    if (!wanted.some((one) => stays(piece, one)))
      await endShift(tx, shift, goesOn(piece, wanted) ? shift.start : now, by);
  }
  for (const piece of wanted) {
    if (old.some((one) => stays(one.piece, piece))) continue;
    // Whoever is on duty and goes on, if for another while, has one shift and not two.
    const begun = old.find((one) => goesOn(one.piece, [piece]));
    await insertShift(tx, { ...shiftOf(rota, piece), ...(begun && { start: begun.shift.start }) }, by);
  }
  await tellOfSwaps(tx, context, rota, {
    by,
    swaps: swaps(
      old.map(({ piece }) => piece),
      wanted,
    ),
  });
}

/** Takes a person off every rota from now on: what they covered is as planned again, what they were planned for is a gap. */
export async function takeOffRotas(
  tx: Transaction,
  context: AppContext,
  person: string,
  laying: Laying,
): Promise<void> {
  const rotas = await retireEntriesOf(tx, person, laying.now, laying.by);
  for (const rota of rotas) await layRota(tx, context, rota, laying);
}

/**
 * Where a calendar could not be relied on for a while: its shifts end where that began, so that nobody was on call by it in that
 * time when it is heard of again.
 */
export async function cutWhereLapsed(
  tx: Transaction,
  { id, rota, good_until, lapsed }: Pick<SourceRow, 'id' | 'rota' | 'good_until' | 'lapsed'>,
): Promise<void> {
  if (!lapsed || good_until === null) return;
  const laid = await laidFrom(tx, rota, good_until);
  for (const shift of laid.filter(({ source }) => source === id)) {
    await endShift(tx, shift, good_until, 'system');
  }
}

type Piece = Held & { readonly source: bigint | null };

function stays(old: Piece, piece: Piece): boolean {
  return (
    old.person === piece.person &&
    old.source === piece.source &&
    old.start === piece.start &&
    old.end === piece.end
  );
}

/** Whether whoever has a shift has one from the same instant on, by the same source; of those that begin later, that says nothing. */
function goesOn({ person, source, start }: Piece, pieces: readonly Piece[]): boolean {
  return pieces.some((one) => one.person === person && one.source === source && one.start === start);
}

async function wantedOf(tx: Transaction, rota: RotaName, now: Date): Promise<readonly Piece[]> {
  const entries = await entriesFrom(tx, now, { rota });
  const of = (layer: 'plan' | 'cover') =>
    entries.filter((entry) => entry.layer === layer).map((entry) => fromNow(pieceOf(entry), now.getTime()));
  return overlay(of('plan'), of('cover'));
}

function pieceOf({ person, source, start, end }: LaidShift): Piece {
  return { person, source, start: start.getTime(), end: end.getTime() };
}

function fromNow(piece: Piece, nowMs: number): Piece {
  return { ...piece, start: Math.max(piece.start, nowMs) };
}

function shiftOf(rota: RotaName, { person, source, start, end }: Piece): LaidShift {
  return { rota, person, source, start: new Date(start), end: new Date(end) };
}
