import type { Log } from './context.ts';

/** A log of one line an event: when, how bad, what, and its fields as JSON, in which no line can be forged. */
export function lineLog(write: (line: string) => void, least: 'info' | 'warn' = 'info'): Log {
  const at = (level: string) => (fields: Readonly<Record<string, unknown>>, text: string) => {
    const more = Object.keys(fields).length === 0 ? '' : ` ${JSON.stringify(fields, writable)}`;
    write(shown(`${new Date().toISOString()} ${level} ${text.replaceAll(/\s+/g, ' ')}${more}`));
  };
  return {
    info: least === 'info' ? at('info') : () => undefined,
    warn: at('warn'),
    error: at('error'),
  };
}

/** JSON leaves some characters as they are that begin a line, turn the reading order or command a terminal. */
function shown(line: string): string {
  return line.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) =>
    one
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

function writable(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
