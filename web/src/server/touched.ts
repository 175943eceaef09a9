const REST_ON_ALL: ReadonlySet<unknown> = new Set(['now', 'me', 'ledger']);

/** Whether a query rests on almost everything: any event asks it anew. */
export function restsOnAll([word]: readonly unknown[]): boolean {
  return REST_ON_ALL.has(word);
}

/**
 * What an object of the ledger (`change/CHG-1`) touches: by its kind, the first words of the keys that are asked anew at once. What
 * stops production is among them for the board, which others reach a moment later. A kind
 * that is missing here touches everything: rather one question too many than a page that lies.
 */
const TOUCHES: Readonly<Record<string, readonly string[]>> = {
  change: [
    'change',
    'changes',
    'run',
    'runs',
    'calendar',
    'procedures',
    'measures',
    'tasks',
    'notices',
    'hand-offs',
    'silences',
    // A veto is recorded about what it stops.
    'vetoes',
  ],
  run: ['run', 'runs', 'change', 'changes', 'calendar', 'procedures', 'silences'],
  claim: ['claims', 'calendar', 'vetoes'],
  veto: ['now', 'vetoes', 'change', 'run'],
  incident: ['now', 'incidents', 'change', 'tasks', 'notices'],
  lock: ['now', 'locks', 'calendar', 'change', 'policies', 'notices'],
  policy: ['now', 'policies'],
  rota: ['rota', 'calendar', 'change', 'policies', 'hand-offs', 'notices'],
  'rota-override': ['rota', 'calendar'],
  'hand-over': ['rota', 'notices'],
  // One whose account is closed is on no rota, and what was theirs goes to others.
  person: ['people', 'rota', 'calendar', 'change', 'hand-offs', 'tasks', 'notices'],
  token: ['people'],
  'account-link': ['people'],
  directory: ['people', 'directory'],
  bastion: ['bastions'],
  integration: ['integrations'],
  webhook: ['webhooks'],
  task: ['tasks', 'notices'],
  guard: ['guarded-commands', 'incidents'],
  'calendar-feed': ['calendar-feeds'],
  'sign-in': [],
  route: [],
};

/** Whether an event about an object concerns a query. Its key is `[word, id?, …]`: a query about another id is left alone. */
export function touchedBy(object: string, key: readonly unknown[]): boolean {
  const [word, about] = key;
  if (typeof word !== 'string') return true;
  const slash = object.indexOf('/');
  // What is said of all changes stops production, as a veto does.
  const kind = object === 'change/*' ? 'veto' : object.slice(0, slash);
  const touches = TOUCHES[kind];
  if (REST_ON_ALL.has(word)) return touches?.includes(word) === true;
  if (touches === undefined) return true;
  if (!touches.includes(word)) return false;
  // An event of a kind says nothing about another one of the same kind.
  return word !== kind || typeof about !== 'string' || about === object.slice(slash + 1);
}
