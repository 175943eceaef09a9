/** A text as a string of PromQL. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** A pattern of RE2 that is this text and nothing else. */
function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\-]/g, String.raw`\$&`);
}

/** `up` of a job. */
export function upOfJob(job: string): string {
  return `up{job=${quoted(job)}}`;
}

/** `up` of each of the targets, one selector per label that may bear their names, with or without a port. */
export function upOfTargets(targets: readonly string[], targetLabels: readonly string[]): readonly string[] {
  const pattern = quoted(`(?:${targets.map(literal).join('|')})(?::[0-9]+)?`);
  return targetLabels.map((label) => `up{${label}=~${pattern}}`);
}
