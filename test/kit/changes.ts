import { planText, SCRIPT, type Edit } from '../plan/sound-plan.ts';
import type { Answer, TestAccount, TestServer } from './server.ts';

const MINUTE_MS = 60_000;

/** What a client sends to file the sound plan, with an edit. */
export function sentPlan(edit: Edit = {}) {
  return { file: 'plan.yaml', plan: planText(edit), scripts: { 'set-work-mem.sh': SCRIPT } };
}

/** A slot that begins in so many minutes and is long enough for the sound plan. */
export function slotIn(minutes: number, lengthMinutes = 60) {
  const start = Date.now() + minutes * MINUTE_MS;
  return {
    start: new Date(start).toISOString(),
    end: new Date(start + lengthMinutes * MINUTE_MS).toISOString(),
  };
}

/** One person's requests about one change, as its body's words. */
export function speaking(server: TestServer, change: string) {
  const say = (who: TestAccount, rest: string, body?: unknown, method = 'POST'): Promise<Answer> =>
    server.ask(method, `/api/v1/changes/${change}${rest}`, {
      token: who.token,
      ...(body !== undefined && { body }),
    });
  return {
    say,
    show: async (who: TestAccount) => (await say(who, '', undefined, 'GET')).body,
    approve: (who: TestAccount, as: string, word: Record<string, unknown>) =>
      say(who, '/approvals', { as, for: 'plan', ...word }),
  };
}

/** Files the sound plan, with an edit, and gives its record. */
export async function opened(server: TestServer, author: TestAccount, edit: Edit = {}) {
  const answer = await server.ask('POST', '/api/v1/changes', { token: author.token, body: sentPlan(edit) });
  if (answer.status !== 201)
    throw new Error(`expected a change, got \`${answer.status}\` ${JSON.stringify(answer.body)}`);
  return answer.body as {
    readonly id: string;
    readonly digest: string;
    readonly version: number;
    readonly state: string;
  };
}
