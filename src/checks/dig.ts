import type { CheckContext } from './context.ts';
import { plainEnvironment } from './command.ts';
import { runGroup } from './process-group.ts';
import { reach } from './reach.ts';

/** A question to one server of the DNS. */
export interface DnsQuestion {
  readonly name: string;
  /** A type of record, or `AXFR`: the whole zone. */
  readonly type: string;
  readonly server: string;
  readonly port: number;
  readonly timeoutMs: number;
  readonly keyFile?: string | undefined;
}

/** What `dig` wrote, with the status of the answer (`NOERROR`, `NXDOMAIN`) and its flags; a transfer of a zone has none. */
export type DnsAnswer =
  | {
      readonly ok: true;
      readonly status: string | null;
      readonly flags: readonly string[];
      readonly text: string;
    }
  | { readonly ok: false; readonly because: string; readonly text: string };

const WRITES = ['+noall', '+answer', '+comments', '+nottlunits', '+nosplit', '+nosearch', '+tries=1'];
const STATUS = /^;; ->>HEADER<<- .*\bstatus: ([A-Z0-9]+)/m;
const FLAGS = /^;; flags: ([a-z ]+);/m;
/** A zone may be long, and one that was cut would be compared as if it were whole. */
const ZONE_LIMIT = 16 * 1_048_576;

/**
 * Asks one server by `dig` (ADR 0091), at the addresses that its name was resolved to, until one answers; the settings of whoever
 * runs this do not count.
 */
export async function dig(question: DnsQuestion, context: CheckContext): Promise<DnsAnswer> {
  const limited = AbortSignal.any([context.signal, AbortSignal.timeout(question.timeoutMs)]);
  const reached = await reach(question.server, limited);
  if (!reached.ok) return { ok: false, because: reached.because, text: '' };
  const { addresses } = reached;
  let answer: DnsAnswer = { ok: false, because: 'its name has no address', text: '' };
  for (const { address } of addresses) {
    const seconds = Math.ceil(question.timeoutMs / 1_000 / addresses.length);
    answer = await digAt(address, { ...question, seconds }, { ...context, signal: limited });
    if (answer.ok || limited.aborted) return answer;
  }
  return answer;
}

async function digAt(
  address: string,
  question: DnsQuestion & { readonly seconds: number },
  { env, signal }: CheckContext,
): Promise<DnsAnswer> {
  const { name, type, server, port, timeoutMs, keyFile, seconds } = question;
  const key = keyFile === undefined ? [] : ['-k', keyFile];
  const what = ['-q', name, '-t', type, '-c', 'IN'];
  const argv = [
    'dig',
    '-r',
    '-p',
    String(port),
    `@${address}`,
    ...key,
    ...what,
    ...WRITES,
    `+time=${seconds}`,
  ];
  const ended = await runGroup(argv, { env: plainEnvironment(env), signal, outputLimit: ZONE_LIMIT });
  const text = `${ended.stdout}${ended.stderr}`;
  const lost = (because: string): DnsAnswer => ({ ok: false, because, text });
  if (ended.notStarted !== null)
    return lost(`\`dig\` could not be started: ${ended.notStarted} (package bind9-dnsutils)`);
  if (ended.cutShort) return lost(`no answer of \`${server}\` within ${timeoutMs} ms`);
  if (ended.status !== 0 || /^; Transfer failed\.$/m.test(ended.stdout))
    return lost(`no answer of \`${server}\`: ${complaint(text)}`);
  if (ended.stdout.length >= ZONE_LIMIT) return lost('an answer of at most 16 MiB wanted; got a longer one');
  const flags = FLAGS.exec(ended.stdout)?.[1]?.split(' ') ?? [];
  return { ok: true, status: STATUS.exec(ended.stdout)?.[1] ?? null, flags, text: ended.stdout };
}

function complaint(text: string): string {
  const lines = text.split('\n').filter((line) => line.startsWith(';') && !line.startsWith('; <<>>'));
  return lines.map((line) => line.replace(/^;+ */, '')).find((line) => line !== '') ?? 'it said nothing';
}
