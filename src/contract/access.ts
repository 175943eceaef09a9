import type { Scope } from './people.ts';

interface AccessEntry {
  /** Who may call, in words; `openapi.json` shows it. */
  readonly text: string;
  /** The scope a credential must bear: `any` where each will do, `null` where no credentials are asked. */
  readonly scope: Scope | 'any' | null;
  /** Whether it must bear the scope `ask` beside its own. */
  readonly asksToo: boolean;
  /** Whether a service account is turned away. */
  readonly peopleOnly: boolean;
  /** Whether the standing role `admin` is needed. */
  readonly adminOnly: boolean;
  /** Whether the call must prove, by a bastion's key, the host it comes from. */
  readonly bastion: boolean;
  /** Whether it is a bastion's key and the name of a login there that prove who calls, and no token or session. */
  readonly login: boolean;
  /** Whether an agent may call: where it is not said, it may not. */
  readonly agents: boolean;
  /** Whether only callers on the loopback interface may call, unless the configuration opens it. */
  readonly loopback: boolean;
}

const closed = {
  asksToo: false,
  peopleOnly: false,
  adminOnly: false,
  bastion: false,
  login: false,
  agents: false,
  loopback: false,
} as const;

/** Who may call a route. Every route names one entry; a route that names none is refused at start. */
export const ACCESS = {
  anyone: { ...closed, text: 'anybody, without credentials', scope: null },
  alerts: {
    ...closed,
    text: 'whoever bears a secret of the alert webhook, or a service, scope `act`',
    scope: null,
  },
  peer: {
    ...closed,
    text: 'a peer of `integrations.yaml`, by its signature over the bytes',
    scope: null,
  },
  loopback: { ...closed, text: 'anybody on the loopback interface', scope: null, loopback: true },
  account: { ...closed, text: 'any account, whatever its scope', scope: 'any', agents: true },
  read: { ...closed, text: 'any account, scope `read`', scope: 'read', agents: true },
  ask: { ...closed, text: 'any account, scope `ask`', scope: 'ask', agents: true },
  act: { ...closed, text: 'any account but an agent, scope `act`', scope: 'act' },
  prepare: { ...closed, text: 'any account, scope `act`', scope: 'act', agents: true },
  claim: {
    ...closed,
    text: 'any account, scopes `ask` and `act`',
    scope: 'act',
    asksToo: true,
    agents: true,
  },
  person: { ...closed, text: 'a person, scope `act`; never a service', scope: 'act', peopleOnly: true },
  bastion: {
    ...closed,
    text: 'any account but an agent, scope `act`, from a proven bastion',
    scope: 'act',
    bastion: true,
  },
  execute: {
    ...closed,
    text: 'any account, scope `act`, from a proven bastion',
    scope: 'act',
    bastion: true,
    agents: true,
  },
  login: {
    ...closed,
    text: 'a person, by the login on a proven bastion (no deployer) and its key, without token or session',
    scope: 'act',
    peopleOnly: true,
    bastion: true,
    login: true,
  },
  admin: {
    ...closed,
    text: 'a person with the role `admin`, scope `admin`',
    scope: 'admin',
    peopleOnly: true,
    adminOnly: true,
  },
} as const satisfies Record<string, AccessEntry>;

export type Access = keyof typeof ACCESS;

/** The table row of an access, in its widest form. */
export function accessEntry(access: Access): AccessEntry {
  return ACCESS[access];
}
