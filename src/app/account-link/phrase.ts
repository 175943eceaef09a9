const PHRASE = /\binterlock link ([A-Z0-9]{5}-[A-Z0-9]{5})\b/gi;

/** The words that somebody posts to say that an account is theirs. */
export function phraseOf(code: string): string {
  return `interlock link ${code}`;
}

/** The codes in what somebody posted, at most three. */
export function codesIn(text: string): readonly string[] {
  return [...text.matchAll(PHRASE)].map(([, code = '']) => code).slice(0, 3);
}
