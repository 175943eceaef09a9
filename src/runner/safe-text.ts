/**
 * Characters that move the cursor, change colours or titles, hide or turn text around: controls, format characters
 * (zero width, direction marks), line and paragraph separators; not the line feed and the tab.
 */
const UNSAFE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text of any origin as it may be shown on a terminal: what would act there is shown as its code instead. */
export function safeText(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** The same on one line: a faked log line of its own cannot be begun. */
export function safeLine(text: string): string {
  return safeText(text.replaceAll('\n', '\\n').replaceAll('\t', ' '));
}
