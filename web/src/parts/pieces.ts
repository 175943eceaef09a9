/** A part of a sentence: plain, an instant (RFC 3339), or something that it quotes. */
export interface Piece {
  readonly kind: 'plain' | 'instant' | 'code';
  readonly text: string;
}

/** An instant, or something in backticks. */
const PIECE = /(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z|`[^`\n]+`)/;

/** Takes a sentence apart; the backticks of what it quotes are left out. */
export function piecesOf(text: string): readonly Piece[] {
  // What stands between two of them is at the even places.
  return text.split(PIECE).flatMap((piece, index): Piece[] => {
    if (index % 2 === 0) return piece === '' ? [] : [{ kind: 'plain', text: piece }];
    if (piece.startsWith('`')) return [{ kind: 'code', text: piece.slice(1, -1) }];
    return [{ kind: 'instant', text: piece }];
  });
}
