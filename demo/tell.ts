import { stdout } from 'node:process';

const colours = stdout.isTTY && !process.env['NO_COLOR'];
const paint = (code: number, text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = (text: string): string => paint(1, text);
export const quiet = (text: string): string => paint(2, text);
export const good = (text: string): string => paint(32, text);
export const bad = (text: string): string => paint(31, text);

const began = performance.now();

/** Begins a chapter of the story, with the seconds since the demo began. */
export function chapter(title: string): void {
  const seconds = ((performance.now() - began) / 1000).toFixed(0).padStart(3);
  stdout.write(`\n${quiet(`${seconds} s`)}  ${bold(title)}\n`);
}

/** One line of the story. */
export function tell(text: string): void {
  stdout.write(`       ${text}\n`);
}

/** What a program printed, set off from the story; paths below the folder we are in without it. */
export function show(output: string): void {
  const short = output.trimEnd().replaceAll(`${process.cwd()}/`, '');
  for (const line of short.split('\n')) stdout.write(`       ${quiet('│')} ${line}\n`);
}

/** Seconds since the demo began. */
export function elapsedSeconds(): number {
  return (performance.now() - began) / 1000;
}
