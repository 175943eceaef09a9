import type { PlanPart } from '../kernel/change/part.ts';
import { parseText } from '../documents/parse.ts';
import { PART_OF_FIELD } from './digest.ts';

/** One place in which two plans differ, as they were written. */
export interface Difference {
  /** `steps.0.command.4` */
  readonly path: string;
  /** As JSON; `null` where there was nothing, or is nothing any more. */
  readonly before: string | null;
  readonly after: string | null;
}

/** A plan as a person wrote it, with the scripts it names. */
export interface Written {
  readonly text: string;
  readonly scripts: Readonly<Record<string, string>>;
}

/** Where two plans differ in some of their parts, field by field as they are written, scripts as a whole. */
export function differencesOf(
  before: Written,
  after: Written,
  parts: readonly PlanPart[],
): readonly Difference[] {
  // What a plan is laid out by, its parameters and their values, belongs to whatever it changes.
  const isAsked = ([field]: readonly [string, unknown]) =>
    !Object.hasOwn(PART_OF_FIELD, field) ||
    parts.some((part) => PART_OF_FIELD[field as keyof typeof PART_OF_FIELD] === part);
  const [old, now] = [before, after].map(({ text }) => Object.fromEntries(fieldsOf(text).filter(isAsked)));
  const scripts = parts.includes('steps') || parts.includes('rollback');
  return [
    ...differing(old, now, []),
    ...(scripts ? differing({ ...before.scripts }, { ...after.scripts }, ['scripts']) : []),
  ];
}

function fieldsOf(text: string): (readonly [string, unknown])[] {
  const read = parseText({ file: 'plan.yaml', text });
  const value = read.ok ? read.documents[0]?.value : null;
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function differing(before: unknown, after: unknown, path: readonly string[]): Difference[] {
  if (isBranch(before) && isBranch(after) && Array.isArray(before) === Array.isArray(after)) {
    const [old, now] = [before, after].map((one) => new Map(Object.entries(one)));
    const keys = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
    return [...keys].flatMap((key) => differing(old?.get(key), now?.get(key), [...path, key]));
  }
  const [was, is] = [before, after].map((one) => (one === undefined ? null : JSON.stringify(one)));
  return was === is ? [] : [{ path: path.join('.'), before: was ?? null, after: is ?? null }];
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Most lines of a difference that a message bears, and the longest value in one. */
const MOST_LINES = 20;
const LONGEST_VALUE = 120;

/** Differences as lines for a person: `steps.0.command.4: "8MB" → "9MB"`. */
export function differenceLines(differences: readonly Difference[]): readonly string[] {
  const lines = differences
    .slice(0, MOST_LINES)
    .map(({ path, before, after }) => `${path}: ${short(before)} → ${short(after)}`);
  const more = differences.length - lines.length;
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}

function short(value: string | null): string {
  if (value === null) return 'nothing';
  return value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE - 1).toWellFormed()}…` : value;
}
