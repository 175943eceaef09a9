import type { AccountKind, RotaName, Scope, StandingRole } from '../contract/people.ts';
import type { AccountRow } from '../store/callers.ts';
import type { Transaction } from '../store/database.ts';
import type { Refused } from './outcome.ts';

/** A host that proved itself by its key. Nothing a client says about its host counts without that. */
export interface ProvenHost {
  readonly name: string;
  readonly role: 'bastion' | 'deployer';
  readonly environment: string;
  /** Whether who executes there may be root. */
  readonly privileged: boolean;
}

/**
 * What proved who calls. `link`: an account elsewhere that is theirs; `login`: a bastion says that they are logged in there; `none`: the
 * server itself, or a peer.
 */
export type Credential =
  | { readonly kind: 'token' | 'link' | 'login' | 'none'; readonly id: string }
  | { readonly kind: 'session'; readonly id: string; readonly byToken: boolean };

/** Who calls, and what they may, as the database knew it at this call. Made anew for every call. */
export interface Actor {
  /** The account name, such as `ana`; `system` for the server itself. */
  readonly person: string;
  readonly kind: AccountKind | 'system';
  /** Who vouches for the subject: `local`, or an identity provider's address. */
  readonly issuer: string;
  readonly subject: string;
  /** The human behind a bot. */
  readonly botOf: string | null;
  /** Whether this is a program that asks and prepares for that human, and decides nothing. */
  readonly agent: boolean;
  readonly standing: readonly StandingRole[];
  /** The rotas in which this person is on duty at this call. */
  readonly onDuty: readonly RotaName[];
  readonly scopes: readonly Scope[];
  readonly credential: Credential;
  readonly host: ProvenHost | null;
}

/** What an account is, and what it may now, however it is proven who calls. */
export function accountOf(row: AccountRow): Omit<Actor, 'scopes' | 'credential' | 'host'> {
  return {
    person: row.name,
    kind: row.kind,
    issuer: row.issuer,
    subject: row.subject,
    botOf: row.bot_of,
    agent: row.agent,
    standing: row.standing,
    onDuty: row.on_duty,
  };
}

/** One call: who, under which request id, through which door. Every ledger entry bears it. */
export interface Call {
  readonly actor: Actor;
  readonly requestId: string;
  /** `api`, `web`, `bastion-login`, `server`. */
  readonly source: string;
  /** Asked first in the transaction of what is done. */
  readonly condition?: Condition;
  /** Where this may be one of several attempts at one thing. */
  readonly repeat?: Repeat;
}

/** A request that may come twice. */
export interface Repeat {
  /** Made by the client for one intention. */
  readonly key: string;
  readonly route: string;
  /** Of all that was sent; `null` where that or its answer holds a secret, so that neither is kept. */
  readonly digest: string | null;
}

/** Why what is there is not what whoever calls expects, or `null`. It holds what it looked at. */
export type Condition = (tx: Transaction) => Promise<Refused | null>;

/** The server acting by itself: a sweeper, the prover. It holds no role and no scope, so it can approve nothing. */
export function systemCall(part: string): Call {
  return {
    actor: {
      person: 'system',
      kind: 'system',
      issuer: 'interlock',
      subject: part,
      botOf: null,
      agent: false,
      standing: [],
      onDuty: [],
      scopes: [],
      credential: { kind: 'none', id: part },
      host: null,
    },
    requestId: `server-${part}`,
    source: 'server',
  };
}

/** The human whose agent an actor is, or `null`. */
export function agentOf({ agent, botOf }: Actor): string | null {
  return agent ? botOf : null;
}

/** What a bastion alone says of who acts, for the record: no session and no token stands beside it. */
export function loginOf({ person, host, credential }: Actor): Readonly<Record<string, string>> | null {
  return credential.kind === 'login' && host !== null ? { bastion: host.name, login: person } : null;
}

/** The capacities in which an actor acts, for the record: `eoc+reviewer`, or `null` for none. */
export function capacityOf(actor: Actor): string | null {
  return [...actor.onDuty, ...actor.standing].join('+') || null;
}
