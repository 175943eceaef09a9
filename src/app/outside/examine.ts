import type { Finding } from '../../contract/doctor.ts';
import type { AppContext } from '../context.ts';
import { readConnections, testConnection } from './look.ts';

/** Every peer, asked now, with what waits for it; and what the policy wants that no peer offers. */
export async function examineConnections(context: AppContext): Promise<Finding[]> {
  const states = await readConnections(context);
  const findings = await Promise.all(
    states.map(async ({ name, offers, hears, waiting, givenUp, failure }): Promise<Finding> => {
      const { ok, text } = await testConnection(context, name);
      const queue = [
        ...(waiting > 0 ? [`${waiting} waiting`] : []),
        ...(givenUp > 0 ? [`${givenUp} given up: interlock integration messages ${name}`] : []),
        ...(waiting + givenUp > 0 && failure !== null ? [`last: ${failure}`] : []),
      ];
      const does = [...offers, ...(hears ? ['hears'] : [])].join(', ');
      return {
        part: `integration ${name}`,
        // A peer that is away stops no decision that does not need it: it is no reason to call the server wrong.
        status: ok && givenUp === 0 ? 'ok' : 'warning',
        text: [`${does}: ${text}`, ...queue].join('; '),
      };
    }),
  );
  return [...findings, ...wanted(context)];
}

/** What the policy names and nobody offers: what needs it is refused until somebody does. */
function wanted({ policy, connections }: AppContext): Finding[] {
  const { chat, issue } = policy.file.connections;
  const offered = (name: string, what: 'chat' | 'tracker') =>
    name === 'builtin' || connections.all.some((one) => one.name === name && one.offers[what] !== undefined);
  return [
    ...(offered(chat, 'chat') ? [] : [missing('chat', chat)]),
    ...(offered(issue, 'tracker') ? [] : [missing('tracker', issue)]),
  ];
}

function missing(part: string, name: string): Finding {
  const text = `expected \`${name}\`, which the policy names, in integrations.yaml, got none`;
  return { part, status: 'wrong', text };
}
