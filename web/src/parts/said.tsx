import { Instant } from './instant.tsx';

/** An instant, or something in backticks. */
const PIECE = /(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z|`[^`\n]+`)/;

/** A text of the server or the kernel: the instants in it as the page shows all of them, what it quotes as code. */
export function Said({ text }: { readonly text: string }) {
  // A text is known by its place alone; what stands between two pieces is at the even places.
  return text.split(PIECE).map((piece, index) => {
    if (index % 2 === 0) return piece;
    // oxlint-disable-next-line react/no-array-index-key
    if (piece.startsWith('`')) return <code key={index}>{piece.slice(1, -1)}</code>;
    // oxlint-disable-next-line react/no-array-index-key
    return <Instant key={index} at={piece} />;
  });
}
