import { AppError } from '../../contract/errors.ts';
import type { Scope } from '../../contract/people.ts';
import { noteAuthentication } from '../../store/authentications.ts';
import type { Transaction } from '../../store/database.ts';
import { insertSession } from '../../store/sessions.ts';
import { keepForTerminal, takeFlow, type FlowRow } from '../../store/sign-in-flows.ts';
import type { PersonRow } from '../../store/people.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, valueOf } from '../outcome.ts';
import type { Returned, Vouched } from '../ports/identity-provider.ts';
import { newCode, newId, newSecret, secretHash } from '../secrets.ts';
import { attemptAllowed } from '../sessions/attempts.ts';
import { SESSION_HOURS, signInCall, type Door, type NewlySignedIn } from '../sessions/sign-in.ts';
import { vouchedAccount } from './account.ts';
import { flowOf, providerOf } from './flow.ts';

/** Signed in: a session for the browser, or a code for the terminal that waits. */
export type CompletedFlow =
  | ({ readonly kind: 'session' } & NewlySignedIn)
  | { readonly kind: 'terminal'; readonly name: string; readonly code: string };

/** Clocks of the provider and of the database may be so far apart. */
const TOLERANCE_MS = 30_000;
const UNKNOWN = 'expected a sign-in that this browser began and has not ended, got another';

/**
 * Ends the way to the provider and back: what came back is confirmed by the provider, once. Whatever does not hold is refused and
 * recorded, and the browser has to begin anew.
 *
 * @throws {AppError} `unauthenticated`, which tells nothing more, `unavailable` where the provider does not answer.
 */
export async function completeFlow(
  context: AppContext,
  cookie: string | null,
  parameters: string,
  door: Door,
): Promise<CompletedFlow> {
  const provider = providerOf(context);
  if (!(await attemptAllowed(context, `address:${door.address}`))) throw new AppError('too_many_requests');
  const hash = cookie === null ? null : secretHash('flow', cookie);
  const flow = hash === null ? undefined : await takeFlow(context.db, hash);
  if (cookie === null || !flow) return refused(context, door, UNKNOWN);
  const returned = await provider.complete(parameters, flowOf(cookie, flow.again));
  if (returned.kind === 'away') throw new AppError('unavailable', returned.because);
  const why = whyNot(returned, flow, provider.issuer);
  if (why !== null || returned.kind !== 'vouched') return refused(context, door, why ?? UNKNOWN);
  return signIn(context, door, { flow, vouched: returned.vouched });
}

function whyNot(returned: Returned, flow: FlowRow, issuer: string): string | null {
  if (returned.kind !== 'vouched') return returned.because;
  const { vouched } = returned;
  if (vouched.issuer !== issuer) return 'expected the issuer that is configured, got another';
  if (!flow.again) return null;
  const { authenticatedAt } = vouched;
  return authenticatedAt !== null && authenticatedAt >= flow.started_at.getTime() - TOLERANCE_MS
    ? null
    : 'expected somebody who signed in anew at the provider, got an earlier sign-in';
}

interface Proven {
  readonly flow: FlowRow;
  readonly vouched: Vouched;
}

async function signIn(context: AppContext, door: Door, proven: Proven): Promise<CompletedFlow> {
  const call = signInCall(door, 'provider');
  const deed = { type: 'session.begun', action: 'sign-in', object: 'sign-in/provider' };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const { person, made, given, ended } = await vouchedAccount(tx, proven.vouched);
    if (person.disabled_at !== null) {
      return refuse('unauthenticated', 'expected an account that is let in, got a disabled one');
    }
    const value = await (proven.flow.challenge === null ? beginSession : keepCode)(tx, person, proven);
    return done({
      value,
      object: `person/${person.name}`,
      reason:
        value.kind === 'session' ? 'signed in by the provider' : 'proven to the provider for a terminal',
      details: { flow: proven.flow.id, made, given: given.join(' '), ended: ended.join(' ') },
    });
  });
  if (!outcome.ok) throw new AppError('unauthenticated');
  return valueOf(outcome).value;
}

async function beginSession(tx: Transaction, person: PersonRow, { vouched }: Proven): Promise<CompletedFlow> {
  const secret = newSecret('session');
  const id = newId('ses');
  const expiresAt = await insertSession(tx, {
    id,
    person: person.name,
    token: null,
    secretHash: secret.hash,
    scopes: scopesOf(person),
    hours: SESSION_HOURS,
  });
  if (vouched.authenticatedAt !== null) {
    const at = new Date(vouched.authenticatedAt);
    await noteAuthentication(tx, { person: person.name, credential: id, method: 'oidc', at });
  }
  return { kind: 'session', name: person.name, cookie: secret.text, expiresAt };
}

async function keepCode(
  tx: Transaction,
  { name }: PersonRow,
  { flow, vouched }: Proven,
): Promise<CompletedFlow> {
  const code = newCode();
  const { authenticatedAt } = vouched;
  await keepForTerminal(tx, flow.id, {
    person: name,
    codeHash: code.hash,
    authenticatedAt: authenticatedAt === null ? null : new Date(authenticatedAt),
  });
  return { kind: 'terminal', name, code: code.text };
}

/** What somebody who proved who they are may use: everything, and `admin` where they are one. */
export function scopesOf({ roles }: PersonRow): Scope[] {
  return ['read', 'ask', 'act', ...(roles.includes('admin') ? (['admin'] as const) : [])];
}

async function refused(context: AppContext, door: Door, because: string): Promise<never> {
  context.metrics.count('interlock_unauthenticated_total');
  const deed = { type: 'session.refused', action: 'sign-in', object: 'sign-in/provider' };
  await carryOut(context, signInCall(door, 'provider'), deed, () =>
    Promise.resolve(refuse('unauthenticated', because)),
  );
  throw new AppError('unauthenticated');
}
