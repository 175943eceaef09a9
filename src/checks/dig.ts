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

const WRITES = ['+noall', '+answer', '+comments', '+nottlunits', '+nosplit', '+nosearch'];
const STATUS = /^;; ->>HEADER<<- .*\bstatus: ([A-Z0-9]+)/m;
const FLAGS = /^;; flags: ([a-z ]+);/m;
/** A zone may be long, and one that was cut would be compared as if it were whole. */
const ZONE_LIMIT = 16 * 1_048_576;

/** Asks one server by `dig` (ADR 0091), at the one address that its name was resolved to; the settings of whoever runs this do not count. */
export async function dig(question: DnsQuestion, { env, signal }: CheckContext): Promise<DnsAnswer> {
  const { name, type, server, port, timeoutMs, keyFile } = question;
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const reached = await reach(server, limited);
  if (!reached.ok) return { ok: false, because: reached.because, text: '' };
  const [address] = reached.addresses;
  const key = keyFile === undefined ? [] : ['-k', keyFile];
  const place = ['-p', String(port), `@${address?.address ?? ''}`];
  const time = `+time=${Math.max(1, Math.ceil(timeoutMs / 1_000))}`;
  const argv = [
    'dig',
    '-r',
    ...place,
    ...key,
    '-q',
    name,
    '-t',
    type,
    '-c',
    'IN',
    ...WRITES,
    '+tries=1',
    time,
  ];
  const ended = await runGroup(argv, {
    env: plainEnvironment(env),
    signal: limited,
    outputLimit: ZONE_LIMIT,
  });
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
