import { AppError } from '../../contract/errors.ts';
import type { DirectoryFile, DirectoryView } from '../../contract/directory.ts';
import { readDirectory } from '../../documents/directory.ts';
import { formatProblem } from '../../documents/problem.ts';
import { canonicalJson } from '../../kernel/ledger/canonical.ts';
import { directoryInForce, insertDirectory, type DirectoryRow } from '../../store/directories.ts';
import type { Transaction } from '../../store/database.ts';
import { findPerson, lockPeople } from '../../store/people.ts';
import { accountOf, insertVouched, peopleGivenBy, setRolesBy } from '../../store/vouched.ts';
import { systemCall, type Call } from '../actor.ts';
import { carryOut, type Recorded, type Result } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { changeHuman } from './link.ts';

type Entry = DirectoryFile['people'][number];

/** A directory file as somebody sends it. */
export interface SentDirectory {
  readonly file: string;
  readonly text: string;
}

/**
 * Applies a directory: makes the accounts that are missing, and the roles it gives these and no others. What it gave before and does
 * not give now ends with the commit. It applies whole or not at all; roles granted by hand or by a provider's groups stay.
 */
export async function applyDirectory(
  context: AppContext,
  call: Call,
  sent: SentDirectory,
): Promise<Outcome<Recorded<DirectoryView>>> {
  const deed = { type: 'directory.applied', action: 'apply', object: 'directory/people' };
  const source = context.identity.directory;
  return carryOut(context, call, deed, async (tx): Promise<Outcome<Result<DirectoryView>>> => {
    if (source !== null && call.actor.kind !== 'system') {
      return refuse(
        'conflict',
        'expected a server without a directory file, got one that reads its own: change that one',
      );
    }
    const read = readDirectory(sent);
    if (!read.ok) {
      const problems = read.problems.map(formatProblem);
      return refuse('invalid', 'expected a directory file, got one with mistakes', { problems });
    }
    const changes: string[] = [];
    const refused = await apply(tx, read.directory, { by: call.actor.person, changes });
    if (refused) return refused;
    const before = (await directoryInForce(tx))?.digest ?? null;
    const digest = digestOf(context, JSON.parse(canonicalJson(read.directory)));
    await insertDirectory(tx, { document: read.directory, digest, by: call.actor.person });
    const row = await directoryInForce(tx);
    if (!row) return refuse('internal', 'expected the directory that was just written, got none');
    return done({
      value: viewOf(row, changes),
      reason: `${read.directory.people.length} people, ${changes.length} changes`,
      before,
      after: digest,
    });
  });
}

/**
 * Reads the server's own directory file and applies it where it changed. A file that cannot be read changes nothing.
 *
 * @throws {AppError} `invalid` with its mistakes
 */
export async function rereadDirectory(context: AppContext): Promise<void> {
  const source = context.identity.directory;
  if (source === null) return;
  const text = await source.read();
  const read = readDirectory({ file: source.path, text });
  if (!read.ok) throw new AppError('invalid', read.problems.map(formatProblem).join('; '));
  const now = digestOf(context, JSON.parse(canonicalJson(read.directory)));
  if (now === (await directoryInForce(context.db))?.digest) return;
  const outcome = await applyDirectory(context, systemCall('directory'), { file: source.path, text });
  if (!outcome.ok) {
    const { because, details } = outcome.refusal;
    context.log.error(
      { because, ...details },
      'the directory file was not applied: what it gave before stands',
    );
  }
}

/** The directory in force. */
export async function showDirectory(context: AppContext): Promise<DirectoryView> {
  return directoryViewOf(await directoryInForce(context.db));
}

export function directoryViewOf(row: DirectoryRow | undefined): DirectoryView {
  return row ? viewOf(row, []) : { digest: null, appliedAt: null, appliedBy: null, changes: [] };
}

interface Applying {
  readonly by: string;
  /** What was done, one a line. */
  readonly changes: string[];
}

async function apply(tx: Transaction, directory: DirectoryFile, applying: Applying): Promise<Refused | null> {
  await lockPeople(tx);
  for (const entry of directory.people) {
    const refused = await findOrMake(tx, entry, applying);
    if (refused) return refused;
    await giveRoles(tx, entry.name, entry.roles, applying);
  }
  const named = new Set(directory.people.map(({ name }) => name));
  for (const person of await peopleGivenBy(tx, 'directory')) {
    if (!named.has(person)) await giveRoles(tx, person, [], applying);
  }
  return linkHumans(tx, directory.people, applying);
}

async function findOrMake(tx: Transaction, entry: Entry, { changes }: Applying): Promise<Refused | null> {
  const { name, issuer, subject } = entry;
  const known = await accountOf(tx, issuer, subject);
  if (known !== undefined) {
    if (known.name === name) return null;
    return refuse('conflict', `expected \`${known.name}\` for that issuer and subject, got \`${name}\``);
  }
  const made =
    issuer !== 'local' &&
    (await insertVouched(tx, { name, displayName: entry.displayName ?? name, issuer, subject }));
  if (!made) return refuse('conflict', `expected the issuer and subject of \`${name}\`, got others`);
  changes.push(`${name}: account made`);
  return null;
}

async function giveRoles(
  tx: Transaction,
  name: string,
  roles: Entry['roles'],
  { changes }: Applying,
): Promise<void> {
  const shutOut = (await findPerson(tx, name))?.disabled_at !== null;
  const { given, ended } = await setRolesBy(tx, 'directory', name, shutOut ? [] : roles);
  changes.push(
    ...given.map((role) => `${name}: ${role} given`),
    ...ended.map((role) => `${name}: ${role} ended`),
  );
}

/** Links stay until an administrator takes them away: a line that is gone from a file makes nobody two. */
async function linkHumans(
  tx: Transaction,
  people: readonly Entry[],
  { by, changes }: Applying,
): Promise<Refused | null> {
  for (const { name, sameHumanAs } of people) {
    const row = sameHumanAs === undefined ? undefined : await findPerson(tx, name);
    if (row === undefined || sameHumanAs === undefined) continue;
    const refused = await changeHuman(tx, row, sameHumanAs, by);
    if (refused) return refused;
    if (row.same_human_as === null) changes.push(`${name}: another account of ${sameHumanAs}`);
  }
  return null;
}

function viewOf(
  row: { readonly digest: string; readonly applied_at: Date; readonly applied_by: string },
  changes: readonly string[],
): DirectoryView {
  const { digest, applied_at, applied_by } = row;
  return { digest, appliedAt: applied_at.toISOString(), appliedBy: applied_by, changes: [...changes] };
}
