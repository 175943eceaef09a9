import { readFile } from 'node:fs/promises';
import {
  checkServerIdentity,
  connect,
  type DetailedPeerCertificate,
  getCACertificates,
  type TLSSocket,
} from 'node:tls';
import { isIP } from 'node:net';
import type { TlsMeasure } from '../contract/measure-network.ts';
import { errored, judgeValue, type MeasuredValue, type Ranges } from '../kernel/verify/measurement.ts';
import { named } from '../kernel/verify/quantity.ts';
import type { CheckContext } from './context.ts';
import { cut, type Measured } from './measured.ts';
import { type Address, pinned, reach } from './reach.ts';

const MS_PER_DAY = 86_400_000;

/** What a server showed of itself, or why nothing is known. */
type Shown =
  | {
      readonly ok: true;
      readonly distrust: string | null;
      readonly chain: readonly DetailedPeerCertificate[];
    }
  | { readonly ok: false; readonly because: string };

/**
 * Shakes hands by TLS and looks at the certificates: that they are trusted, that they hold for every name, and how many days are left
 * until the first of them ends. Where names are given and no range, an end in the future will do.
 */
export async function measureTls(
  spec: TlsMeasure,
  ranges: Ranges,
  { signal, now }: CheckContext,
): Promise<Measured> {
  const wanted = 'a certificate wanted';
  const limited = AbortSignal.any([signal, AbortSignal.timeout(spec.timeout)]);
  const trusted = await trustedBy(spec.caFile);
  if (trusted === null)
    return { ...errored(`the certificates of \`${spec.caFile}\` wanted; they cannot be read`), raw: '' };
  const reached = await reach(spec.host, limited);
  if (!reached.ok) return { ...errored(`${wanted}; ${reached.because}`), raw: '' };
  const shown = await shake(spec, { addresses: reached.addresses, trusted, signal: limited });
  if (!shown.ok) return { ...errored(`${wanted}; ${shown.because}`), raw: '' };
  return { ...judged(spec, ranges, shown, now()), raw: cut(shown.chain.map(text).join('\n')) };
}

async function trustedBy(caFile: string | undefined): Promise<readonly string[] | null> {
  const usual = getCACertificates('default');
  if (caFile === undefined) return usual;
  try {
    return [...usual, await readFile(caFile, 'utf8')];
  } catch {
    return null;
  }
}

function shake(
  { host, port, servername }: TlsMeasure,
  options: {
    readonly addresses: readonly Address[];
    readonly trusted: readonly string[];
    readonly signal: AbortSignal;
  },
): Promise<Shown> {
  const { addresses, trusted, signal } = options;
  const name = servername ?? (isIP(host) === 0 ? host : undefined);
  return new Promise((resolve) => {
    const socket: TLSSocket = connect({
      host,
      port,
      lookup: pinned(addresses),
      ca: [...trusted],
      // What it shows is wanted even where it is not trusted: the reason is the answer.
      rejectUnauthorized: false,
      ...(name === undefined ? {} : { servername: name }),
    });
    const end = (shown: Shown) => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(shown);
    };
    const onAbort = () => end({ ok: false, because: 'no answer in time' });
    socket.once('secureConnect', () => {
      const error: unknown = socket.authorizationError;
      // Whether it holds for the names is asked below, by names that the plan gives.
      const distrust = socket.authorized || error === 'ERR_TLS_CERT_ALTNAME_INVALID' ? null : codeOf(error);
      end({ ok: true, distrust, chain: chainOf(socket.getPeerCertificate(true)) });
    });
    socket.once('error', (error) => end({ ok: false, because: codeOf(error) }));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

function judged(
  { host, servername, names }: TlsMeasure,
  ranges: Ranges,
  { distrust, chain }: Extract<Shown, { ok: true }>,
  nowMs: number,
): MeasuredValue {
  const [own] = chain;
  if (!own) return errored('a certificate wanted; got none');
  const ends = chain.map(({ valid_to }) => Date.parse(valid_to));
  const daysLeft = Math.floor((Math.min(...ends) - nowMs) / MS_PER_DAY);
  const failed = (because: string): MeasuredValue => ({ verdict: 'fail', value: daysLeft, because });
  if (!Number.isFinite(daysLeft)) return errored('a certificate with an end wanted; its end cannot be read');
  if (distrust !== null) return failed(`a certificate that is trusted wanted; got ${distrust}`);
  const wanted = [...new Set([servername ?? host, ...names])];
  const without = wanted.filter((name) => checkServerIdentity(name, own) !== undefined);
  if (without.length > 0)
    return failed(`a certificate for ${named(wanted)} wanted; it does not hold for ${named(without)}`);
  const range = ranges.expect || ranges.failWhen || names.length === 0 ? ranges : { expect: { atLeast: 0 } };
  const { verdict, because } = judgeValue(daysLeft, range);
  return { verdict, value: daysLeft, because: `${because} (days left; for ${named(wanted)})` };
}

/** A certificate, whoever signed it, and so on; the last one signed itself or is not there. */
function chainOf(own: DetailedPeerCertificate): readonly DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  let next: DetailedPeerCertificate | undefined = own;
  while (
    next?.valid_to !== undefined &&
    !chain.some(({ fingerprint256 }) => fingerprint256 === next?.fingerprint256)
  ) {
    chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
}

function text({
  subject,
  subjectaltname,
  valid_from,
  valid_to,
  fingerprint256,
}: DetailedPeerCertificate): string {
  return `${String(subject?.CN ?? '')}; ${subjectaltname ?? 'no names'}; ${valid_from} to ${valid_to}; ${fingerprint256}`;
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? 'an error of TLS' : String(error);
}
