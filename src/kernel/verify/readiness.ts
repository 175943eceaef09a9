import { fail, type Judgement, pass } from './verdict.ts';

/** How a readiness page answered. */
export type Readiness =
  | { readonly answered: true; readonly status: number; readonly contentType: string }
  | { readonly answered: false; readonly because: string };

/** M1: `GET /-/ready` says 200, and not with a page for people: a log-in page says 200 too. */
export function judgeReadiness(name: string, answer: Readiness): Judgement {
  const wanted = `200 of ${name}'s \`/-/ready\` wanted`;
  if (!answer.answered) return fail(`${wanted}; ${answer.because}`);
  if (answer.status !== 200) return fail(`${wanted}; got ${answer.status}`);
  if (answer.contentType.includes('html')) {
    return fail(`${wanted} in plain text; got 200 with a page (\`${answer.contentType}\`)`);
  }
  return pass(`${wanted}; got it`);
}
