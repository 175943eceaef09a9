/** Exit status of a command: 0 done or allowed, 1 failed, 2 refused by policy, 3 invalid input. */
export type ExitStatus = 0 | 1 | 2 | 3;

interface ErrorEntry {
  /** HTTP status of the answer. */
  readonly status: number;
  /** Exit status of a command that got this answer. */
  readonly exit: ExitStatus;
  /** What it means, in one sentence; the text where nothing more exact is known. */
  readonly text: string;
}

/** Every error the product answers with. `docs/errors.md` lists the same codes; a test compares them both ways. */
export const ERRORS = {
  invalid: { status: 400, exit: 3, text: 'The request is not valid.' },
  unauthenticated: { status: 401, exit: 1, text: 'Not signed in.' },
  forbidden: { status: 403, exit: 2, text: 'Not allowed.' },
  reauthentication_required: {
    status: 403,
    exit: 2,
    text: 'Prove again who you are, then repeat this.',
  },
  not_found: { status: 404, exit: 1, text: 'There is nothing by that name.' },
  refused: { status: 409, exit: 2, text: 'The policy refuses this.' },
  not_permitted: { status: 409, exit: 2, text: 'This person may not do that here.' },
  conflict: { status: 409, exit: 1, text: 'It is no longer as the request expects it.' },
  done_before: {
    status: 409,
    exit: 1,
    text: 'This was done before, and what it showed is shown once.',
  },
  exists: { status: 409, exit: 1, text: 'That name is taken.' },
  overlap: { status: 409, exit: 3, text: 'Two shifts of one rota overlap.' },
  targets_differ: { status: 409, exit: 2, text: 'The targets are not the reviewed ones any more.' },
  run_live: { status: 409, exit: 2, text: 'Another run is live.' },
  old_epoch: { status: 409, exit: 1, text: 'Another runner has taken this run over.' },
  lease_lost: { status: 409, exit: 1, text: 'The lease of this runner has ended.' },
  clock_skew: { status: 409, exit: 1, text: "The host's clock is too far from the server's." },
  too_early: { status: 409, exit: 1, text: 'The runner that was lost may still be working.' },
  last_admin: { status: 409, exit: 2, text: 'The last administrator cannot be removed.' },
  stale: { status: 412, exit: 1, text: 'It was changed in the meantime.' },
  too_large: { status: 413, exit: 3, text: 'The request is too large.' },
  unsupported_media_type: { status: 415, exit: 3, text: 'The body is not JSON.' },
  wrong_host: { status: 421, exit: 1, text: 'This server does not answer for that host name.' },
  too_many_requests: { status: 429, exit: 1, text: 'Too many attempts; try again later.' },
  internal: { status: 500, exit: 1, text: 'The server failed; its log says why.' },
  unavailable: { status: 503, exit: 1, text: 'The server cannot answer now; try again.' },
  ledger_frozen: { status: 503, exit: 1, text: 'The ledger does not verify; nothing may be executed.' },
  policy_superseded: {
    status: 503,
    exit: 1,
    text: 'This server enforces a policy that is not in force any more; it decides nothing.',
  },
  no_evidence: { status: 503, exit: 1, text: 'The record could not be written, so nothing was done.' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** The table row of a code, in its widest form. */
export function errorEntry(code: ErrorCode): ErrorEntry {
  return ERRORS[code];
}

interface AppErrorOptions extends ErrorOptions {
  /** Members added to the answer's body beside `code` and `message`. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** An error with a code of the table. The message is one line for a person: what was expected, what was got. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message?: string, options: AppErrorOptions = {}) {
    super(message ?? errorEntry(code).text, options);
    this.name = 'AppError';
    this.code = code;
    this.details = options.details ?? {};
  }
}
