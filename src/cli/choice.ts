import { AppError } from '../contract/errors.ts';

/** Reads one of a few words. @throws {AppError} `invalid` where it is none of them. */
export function choice<T extends string>(what: string, words: readonly T[]): (text: string) => T {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    throw new AppError('invalid', `expected ${what} (${words.join(', ')}), got \`${text}\``);
  };
}

/** Reads a whole number in a range. @throws {AppError} `invalid` */
export function wholeNumber(what: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,9}$/.test(text) && value >= least && value <= most) return value;
    throw new AppError('invalid', `expected ${what} from ${least} to ${most}, got \`${text}\``);
  };
}
