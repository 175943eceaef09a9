import { AppError } from '../contract/errors.ts';
import { me, type Me } from '../contract/sessions.ts';
import type { Client } from './client.ts';

/** Whose agent a token is. */
export interface Agent {
  readonly name: string;
  readonly human: string;
}

/**
 * Asks the server whose agent this is. Only an agent's token is taken: what an agent may is held by the server, and a person's
 * token would let it act as that person.
 *
 * @throws {AppError} `forbidden` for any other token, and as `Client.ask` does.
 */
export async function agentBehind(client: Client): Promise<Agent> {
  const { name, agent, botOf } = await client.ask<Me>('GET', '/api/v1/me', { answer: me });
  if (agent && botOf !== null) return { name, human: botOf };
  throw new AppError(
    'forbidden',
    `expected the token of an agent, got one of \`${name}\`: an administrator makes it by \`interlock user add <name> --agent-of <person>\` and \`interlock token create\``,
  );
}
