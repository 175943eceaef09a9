import type { ReactNode } from 'react';
import { Instant } from './instant.tsx';
import { piecesOf } from './pieces.ts';

/**
 * A sentence that the page did not write itself (of the server, the kernel, a peer, a person): the instants in it as the page shows
 * all of them, what it quotes as code.
 */
export function Said({ text }: { readonly text: string }) {
  // A piece is known by its place alone.
  return piecesOf(text).map((piece, index) => {
    if (piece.kind === 'plain') return piece.text;
    // oxlint-disable-next-line react/no-array-index-key
    if (piece.kind === 'code') return <code key={index}>{piece.text}</code>;
    // oxlint-disable-next-line react/no-array-index-key
    return <Instant key={index} at={piece.text} />;
  });
}

/** Of what a part is given to show: a text as it is said, all else as it is. */
export function said(shown: ReactNode): ReactNode {
  return typeof shown === 'string' ? <Said text={shown} /> : shown;
}
