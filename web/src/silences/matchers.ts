/** Reads labels as they are written, `label=value` one a line. @throws {Error} with the line that is none */
export function matchersOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^\s*([^=\s]+)\s*=\s*"?(.*?)"?\s*$/.exec(line) ?? [];
      if (name === undefined || value === undefined || value === '')
        throw new Error(`expected \`label=value\`, got \`${line.trim()}\``);
      return [name, value] as const;
    }),
  );
}

/** Labels in the order of their names. */
export function labelsText(matchers: Readonly<Record<string, string>>): string {
  return Object.entries(matchers)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}
