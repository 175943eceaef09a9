import { AppError, type ErrorCode } from '../contract/errors.ts';

/** Why something is not done. An answer, not a failure: it is recorded, and nothing else is changed. */
export interface Refusal {
  readonly code: ErrorCode;
  /** What was wanted and what was seen, in one line. It stands in the ledger: no free text of a person. */
  readonly because: string;
  /** Members for the answer beside `code` and `message`. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | Refused;
export type Refused = { readonly ok: false; readonly refusal: Refusal };

export function done<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function refuse(
  code: ErrorCode,
  because: string,
  details?: Readonly<Record<string, unknown>>,
): Refused {
  return { ok: false, refusal: { code, because, ...(details && { details }) } };
}

/** The value of an outcome. @throws {AppError} the refusal, for whoever maps errors to answers. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  const { code, because, details } = outcome.refusal;
  throw new AppError(code, because, details && { details });
}
