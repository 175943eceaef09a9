import type { MeasuredValue } from '../kernel/verify/measurement.ts';

/** One measurement, judged, with the raw answer it rests on. */
export interface Measured extends MeasuredValue {
  readonly raw: string;
}

export const RAW_LIMIT = 65_536;

/** A raw answer cut to what is kept, visibly. */
export function cut(text: string): string {
  const note = '\n… cut';
  return text.length <= RAW_LIMIT ? text : text.slice(0, RAW_LIMIT - note.length) + note;
}
