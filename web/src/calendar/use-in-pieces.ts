import { useEffect, useState } from 'react';

/** How many of so many pieces are drawn by now: one at first, and one more in every frame. */
export function useInPieces(pieces: number): number {
  const [drawn, setDrawn] = useState(1);
  useEffect(() => {
    if (drawn >= pieces) return;
    const frame = requestAnimationFrame(() => setDrawn(drawn + 1));
    return () => cancelAnimationFrame(frame);
  }, [drawn, pieces]);
  return drawn;
}
