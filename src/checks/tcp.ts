import { connect } from 'node:net';
import type { TcpMeasure } from '../contract/measure-network.ts';
import { errored, judgeValue, type Ranges } from '../kernel/verify/measurement.ts';
import type { CheckContext } from './context.ts';
import type { Measured } from './measured.ts';
import { type Address, pinned, reach } from './reach.ts';

const OPEN: Ranges = { expect: { equals: true } };

/**
 * Whether a TCP port accepts connections: true or false, where without a range true is wanted. Only a refusal is false: a time-out,
 * a missing route or name may be the network's fault, and says nothing about the port.
 */
export async function measureTcp(
  spec: TcpMeasure,
  ranges: Ranges,
  { signal }: CheckContext,
): Promise<Measured> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(spec.timeout)]);
  const reached = await reach(spec.host, limited);
  const answer = reached.ok ? await knock(spec, reached.addresses, limited) : reached.because;
  const wanted = `\`${spec.host}:${spec.port}\` open or refused wanted`;
  if (typeof answer === 'string') return { ...errored(`${wanted}; got ${answer}`), raw: answer };
  const measured = judgeValue(answer, ranges.expect || ranges.failWhen ? ranges : OPEN);
  return { ...measured, raw: answer ? 'connected' : 'connection refused' };
}

/** True, false, or why neither is known. */
function knock(
  { host, port }: TcpMeasure,
  addresses: readonly Address[],
  signal: AbortSignal,
): Promise<boolean | string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, lookup: pinned(addresses) });
    const end = (answer: boolean | string) => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(answer);
    };
    const onAbort = () => end('no answer in time');
    socket.once('connect', () => end(true));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'ECONNREFUSED' ? false : (error.code ?? 'an error of the socket')),
    );
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
