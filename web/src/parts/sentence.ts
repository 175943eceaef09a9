/** A reason or a message is a line without an end; behind it another sentence follows. */
export function sentence(line: string): string {
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
