import { ERRORS, type ErrorCode } from '../../../src/contract/errors.ts';
import { ApiError } from './api.ts';

/** An error as a person reads it. */
export interface ErrorText {
  /** What it means in general, in the words of the table of codes. */
  readonly title: string;
  /** What was expected and what was got. */
  readonly text: string;
  /** The code of the table, which has a page of its own; `null` where no answer came. */
  readonly code: string | null;
}

/** The one way from an error to what is shown of it. */
export function errorText(error: unknown): ErrorText {
  if (error instanceof ApiError) {
    return { title: titleOf(error.code), text: error.message, code: error.code };
  }
  if (error instanceof TypeError) {
    return {
      title: 'The server does not answer.',
      text: 'The page asks again by itself; what it shows may be old.',
      code: null,
    };
  }
  return {
    title: 'The page failed.',
    text: error instanceof Error ? error.message : String(error),
    code: null,
  };
}

function titleOf(code: string): string {
  return isCode(code) ? ERRORS[code].text : 'The server answered something else than was asked for.';
}

/** Whether what was asked for by its name is not there, or could not be: a name that no such thing has. */
export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 'not_found' || error.code === 'invalid');
}

/** Whether the server wants to know once more who asks, by a password. */
export function isUnproven(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'reauthentication_required';
}

export function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
