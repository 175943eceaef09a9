import { heedCommand } from '../chat/command.ts';
import { heedTouched } from '../chat/declare.ts';
import { heedForm } from '../chat/declared.ts';
import { heedPress } from '../chat/press.ts';
import type { AppContext } from '../context.ts';
import { heedPeerIncidents } from '../incident/heed-peer.ts';
import { heedIssue } from '../tracker/heed-issue.ts';
import { answerDeployments } from './deployment-asked.ts';
import type { Connection, HeardEvent, Taken } from '../ports/connection.ts';

/** What is done about one kind of event. It asks the peer for what is so, and may be done twice. */
type Heed<K extends HeardEvent['kind']> = (
  context: AppContext,
  heard: {
    readonly connection: Connection;
    readonly event: Extract<HeardEvent, { kind: K }>;
    readonly signal: AbortSignal;
  },
) => Promise<Taken>;

/** One row a kind of event: the only place that says what follows from what peers tell. */
const HEEDED: { readonly [K in HeardEvent['kind']]: Heed<K> } = {
  'chat-command': heedCommand,
  'chat-press': heedPress,
  'chat-form': heedForm,
  'chat-form-touched': heedTouched,
  'issue-touched': (context, { connection, event, signal }) =>
    heedIssue(context, connection, event.issue, signal),
  'incidents-touched': async (context, { connection, signal }) =>
    (await heedPeerIncidents(context, connection, signal)) ?? { kind: 'taken', receipt: null },
  'deployment-asked': (context, { connection, event, signal }) =>
    answerDeployments(context, connection, event, signal),
};

/** Takes up what a peer told us. */
export function heed(
  context: AppContext,
  connection: Connection,
  event: HeardEvent,
  signal: AbortSignal,
): Promise<Taken> {
  // A row takes the events of its kind, and this is one.
  const row = HEEDED[event.kind] as Heed<HeardEvent['kind']>;
  return row(context, { connection, event, signal });
}
