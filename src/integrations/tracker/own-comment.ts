import type { z } from 'zod';
import type { OwnWord } from '../../app/ports/lending.ts';
import type { Taken } from '../../app/ports/taken.ts';
import { askPages, askRest, type Rest } from './rest.ts';
import { markOf } from './section.ts';

/** A comment as far as it matters whose it is. */
interface Comment {
  readonly id: number;
  readonly body: string;
}

/** How a tracker keeps comments. */
export interface Comments<T extends Comment> {
  readonly rest: Rest;
  readonly shape: z.ZodType<T>;
  /** Path of the comments of an issue, and of the newest of them first. */
  readonly path: string;
  readonly newest: string;
  readonly authorOf: (comment: T) => number;
}

/**
 * Comments as a person, once: one that stands there by that account is that one. The mark comes last, for the first line is what counts.
 * A comment that the tracker has as another account's is none of this person's.
 */
export async function commentAs<T extends Comment>(
  { rest, shape, path, newest, authorOf }: Comments<T>,
  account: string,
  { id, body, at }: OwnWord,
  signal: AbortSignal,
): Promise<Taken> {
  const mark = markOf(id);
  const seen = await askPages(rest, shape, { path: newest, signal });
  if (seen.kind !== 'seen') return seen;
  const before = seen.found.find((one) => one.body.includes(mark) && String(authorOf(one)) === account);
  if (before) return { kind: 'taken', receipt: `${at} ${before.id}` };
  const json = { body: `${body}\n\n${mark}` };
  const made = await askRest(rest, shape, { method: 'POST', path, json, signal });
  if (made.kind !== 'seen') return made;
  return String(authorOf(made.found)) === account
    ? { kind: 'taken', receipt: `${at} ${made.found.id}` }
    : { kind: 'refused', because: 'expected it to stand there as the linked account, got another one' };
}
