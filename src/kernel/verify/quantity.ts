const MS_PER_SECOND = 1_000;
const MS_PER_MINUTE = 60_000;
const NAMED = 5;

/** A span of time in the unit a person would say: `240 ms`, `16.2 s`, `10 min`. */
export function span(ms: number): string {
  if (Math.abs(ms) < MS_PER_SECOND) return `${Math.round(ms)} ms`;
  if (Math.abs(ms) < 2 * MS_PER_MINUTE) return `${round(ms / MS_PER_SECOND)} s`;
  return `${round(ms / MS_PER_MINUTE)} min`;
}

/** `1 series`, `3 samples`: a number with its noun. */
export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** The first names of a list, each in backticks, and how many more there are. */
export function named(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).map((name) => `\`${name}\``);
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
