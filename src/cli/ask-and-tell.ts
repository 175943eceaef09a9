import { decisionDocumentSchema } from '../contract/decision.ts';
import { AppError, errorEntry, type ExitStatus } from '../contract/errors.ts';
import { orByLogin } from './by-login.ts';
import type { Asking } from './client.ts';
import type { CliContext } from './context.ts';
import { note, print } from './print.ts';
import { plainLine } from './plain-line.ts';
import { verdictLines } from './verdict-lines.ts';

/** How an answer is to be shown. */
export interface Showing {
  /** As it came, one line of JSON. */
  readonly json?: boolean;
  /** Every rule of a verdict, not only what refuses or warns. */
  readonly all?: boolean;
}

/** One request to the server, and how its answer reads. */
export interface Question<T> extends Pick<Asking<T>, 'body'> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly answer: NonNullable<Asking<T>['answer']>;
  /** Where the same is asked by the login on a bastion, if no token stands. */
  readonly byLogin?: { readonly path: string; readonly body: unknown };
  readonly lines: (answer: T) => readonly string[];
  /** Where an answer may be bad news; 0 without it. */
  readonly status?: (answer: T) => ExitStatus;
}

/** Asks, and tells the answer; answers the exit status. A refusal by policy is told with its rules, and is 2. */
export async function askAndTell<T>(
  context: CliContext,
  showing: Showing,
  { method, path, body, answer, byLogin, lines, status }: Question<T>,
): Promise<number> {
  return telling(context, showing, async () => {
    const byToken = () => context.client().ask(method, path, { body, answer });
    const value = byLogin
      ? await orByLogin(context, byToken, (client) =>
          client.ask(method, byLogin.path, { body: byLogin.body, answer }),
        )
      : await byToken();
    print(context, showing.json === true ? JSON.stringify(value) : lines(value).map(plainLine));
    return status?.(value) ?? 0;
  });
}

/** Runs what asks the server; tells what it refuses, or found wrong in what was sent, as a person reads it. */
export async function telling(
  context: CliContext,
  { json, all }: Showing,
  run: () => Promise<number>,
): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, message, details } = error;
    const status = errorEntry(code).exit;
    if (json === true) {
      print(context, JSON.stringify({ ...details, code, message }));
      return status;
    }
    const decision = code === 'refused' ? decisionDocumentSchema.safeParse(details['decision']) : null;
    if (decision?.success) {
      print(context, [message, ...verdictLines(decision.data, all)].map(plainLine));
      return status;
    }
    const problems = problemsIn(details);
    if (problems.length === 0) throw error;
    problems.forEach((problem) => note(context, plainLine(problem)));
    return status;
  }
}

/** What the server found in a file: `file:line:column: message`, one a line. */
function problemsIn({ problems }: AppError['details']): readonly string[] {
  return Array.isArray(problems) ? problems.filter((one) => typeof one === 'string') : [];
}
