/** What commander says of a wrong command line, and the same as the house says it: what was expected, what was got. */
const WORDS: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  [/^missing required argument '(.*)'$/, (name) => `expected \`<${name}>\`, got nothing`],
  [/^unknown option '(.*)'$/, (flag) => `expected an option of this command, got \`${flag}\``],
  [/^unknown command '(.*)'$/, (name) => `expected a command, got \`${name}\``],
  [/^required option '(.*)' not specified$/, (flags) => `expected \`${flags}\`, got none`],
  [/^option '(.*)' argument missing$/, (flags) => `expected \`${flags}\`, got it without its value`],
  [
    /^option '(.*)' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/s,
    (flags, got, choices) => `expected \`${flags}\` to be one of ${choices}, got \`${got}\``,
  ],
  [
    /^command-argument value '(.*)' is invalid for argument '(.*)'\. Allowed choices are (.*)\.$/s,
    (got, name, choices) => `expected \`<${name}>\` to be one of ${choices}, got \`${got}\``,
  ],
  [
    /^too many arguments.*\. Expected (.*) but got \d+: (.*)\.$/s,
    (most, got) => `expected ${most.replace(/^0/, 'no')}, got \`${got}\``,
  ],
  [
    /^option '(.*)' cannot be used with option '(.*)'$/,
    (one, other) => `expected one of \`${one}\` and \`${other}\`, got both`,
  ],
];

/** The line for a wrong command line. What it does not know stands as commander wrote it. */
export function wrongUsage(written: string): string {
  const [, said = '', near] = /^error: ([^]*?)(?:\n\(Did you mean ([^]*)\?\))?\n?$/.exec(written) ?? [];
  for (const [form, words] of WORDS) {
    const found = form.exec(said);
    if (found)
      return `interlock: ${words(...found.slice(1))}${near === undefined ? '' : `; did you mean \`${near}\`?`}\n`;
  }
  return written.replace(/^error: /, 'interlock: ');
}
