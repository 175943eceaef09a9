/** What stands in the fields of an issue: labels, people, lengths of time, commands. */

/** `~"Service::Postgres"` and `~C1`: the names of the labels, and what is left of the text. */
export function labelsIn(text: string): { readonly labels: readonly string[]; readonly rest: string } {
  const labels = [...text.matchAll(/~(?:"([^"]*)"|([\w:.-]+))/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );
  return { labels, rest: rest(text, /~(?:"[^"]*"|[\w:.-]+)/g) };
}

/** `@ben` and `` `@ben` ``: the names as the tracker has them, and what is left. */
export function peopleIn(text: string): { readonly people: readonly string[]; readonly rest: string } {
  const people = [...text.matchAll(/@([a-z][a-z0-9._-]*)/gi)].map(([, name = '']) => name.toLowerCase());
  return { people, rest: rest(text, /`?@[a-z][a-z0-9._-]*`?/gi) };
}

/** What is left of a text without what was understood of it, and without the commas between. */
function rest(text: string, understood: RegExp): string {
  return text
    .replace(understood, '')
    .replace(/^[\s,;]+|[\s,;]+$/g, '')
    .trim();
}

/** A number of minutes that says so, as a duration; `null` for prose. */
export function minutesIn(text: string): string | null {
  const found = /^(\d{1,4}) ?(?:m|mins?|minutes?)\.?$/i.exec(text.trim());
  return found ? `${Number(found[1])} min` : null;
}

/** Markdown's code marks around a whole text; `null` where it is more, or less, than one piece of code. */
export function wholeCode(text: string): string | null {
  return /^(`+)([^`]+)\1$/.exec(text.trim())?.[2]?.trim() ?? null;
}

/** The words of a command line that mean the same without any shell; `null` where a shell is needed to say what they mean. */
export function plainWords(line: string): readonly string[] | null {
  const words = line.trim().split(/[ \t]+/);
  return words.length > 0 &&
    words.every((word) => /^[\w@%+:,./=-]+$/.test(word)) &&
    !/[\r\n=]/.test(words[0] ?? '=')
    ? words
    : null;
}

/** A person's line as the name of a step or a check: one line, not too long. */
export function nameOf(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 120 ? line : `${line.slice(0, 118).trimEnd().toWellFormed()} …`;
}

/** The same names made different, each in its list. */
export function distinct<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  return items.map((item) => {
    let { name } = item;
    for (let count = 2; seen.has(name); count += 1) name = `${item.name.slice(0, 112)} (${count})`;
    seen.add(name);
    return { ...item, name };
  });
}
