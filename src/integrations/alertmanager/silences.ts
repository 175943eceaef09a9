import { type Outcome, read } from '../../kernel/verify/outcome.ts';
import { ask, type Source } from '../prometheus/ask.ts';
import { readSilences, type Silence } from './answer.ts';

/**
 * The silences in force: a silenced alert is not "no alert", so they go into the hand-off. An answer that could not be read is not
 * an empty list.
 */
export async function activeSilences(source: Source): Promise<Outcome<readonly Silence[]>> {
  const answer = readSilences(await ask(source, '/api/v2/silences'));
  return answer.ok ? read(answer.value.filter(({ status }) => status.state === 'active')) : answer;
}
