/**
 * What the server says begins in small letters; shown by itself it begins as a sentence does. What else than such a word comes first is
 * the name of something, and stays as it is.
 */
export function begun(line: string): string {
  return line.replace(/^(?:expected|an?|the|its?|no|nobody|nothing|only|who|whoever|what) /, (word) => {
    return word.charAt(0).toUpperCase() + word.slice(1);
  });
}

/** A reason or a message is a line without an end; behind it another sentence follows. */
export function sentence(line: string): string {
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
