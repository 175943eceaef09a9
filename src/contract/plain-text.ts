import { z } from 'zod';

/** Whether a text can be kept: PostgreSQL holds no NUL, and half a surrogate pair is no character. */
export function isPlain(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** A text that people wrote and that is kept as it is. */
export const plainText = z
  .string()
  .refine(isPlain, { error: 'expected text without NUL and without half a character, got one with it' });

/** The same without the white space around it, and not empty. */
export const words = plainText.trim().min(1);
