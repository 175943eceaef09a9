import { createServer, type ServerResponse } from 'node:http';

/** How the stand-in of Thanos Query is. */
export interface ThanosState {
  /** Error of its sidecar at the last contact. */
  storeError: string | null;
  /** A partial answer with a warning, whatever was asked. */
  alwaysPartial: boolean;
  stores: number;
}

/** Thanos cannot be had here: a small server that speaks its documented protocol, before a real Prometheus. */
export interface TestThanos {
  readonly url: string;
  readonly state: ThanosState;
  stop(): Promise<void>;
}

export async function startThanos(prometheusUrl: string): Promise<TestThanos> {
  const state: ThanosState = { storeError: null, alwaysPartial: false, stores: 1 };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://thanos');
    answer(url, state, { prometheusUrl, response }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    state,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What Go's `strconv.ParseBool` takes. */
const TRUE = ['1', 't', 'T', 'true', 'TRUE', 'True'];
const FALSE = ['0', 'f', 'F', 'false', 'FALSE', 'False'];

async function answer(
  url: URL,
  state: ThanosState,
  { prometheusUrl, response }: { readonly prometheusUrl: string; readonly response: ServerResponse },
): Promise<void> {
  if (url.pathname === '/-/ready') return send(response, 200, 'OK');
  if (url.pathname === '/api/v1/stores') {
    const sidecar = Array.from({ length: state.stores }, (_, index) => ({
      name: `sidecar-${index}:10901`,
      lastCheck: new Date().toISOString(),
      lastError: state.storeError,
      labelSets: [{ replica: String(index) }],
      minTime: 0,
      maxTime: Date.now(),
    }));
    return send(response, 200, JSON.stringify({ status: 'success', data: { sidecar } }));
  }
  const partial = url.searchParams.get('partial_response') ?? 'true';
  if (!TRUE.includes(partial) && !FALSE.includes(partial)) {
    const error = `'partial_response' parameter: strconv.ParseBool: parsing "${partial}": invalid syntax`;
    return send(response, 400, JSON.stringify({ status: 'error', errorType: 'bad_data', error }));
  }
  if (state.storeError !== null && FALSE.includes(partial)) {
    const error = `expanding series: proxy Series(): ${state.storeError}`;
    return send(response, 422, JSON.stringify({ status: 'error', errorType: 'execution', error }));
  }
  url.searchParams.delete('partial_response');
  const upstream = await fetch(`${prometheusUrl}${url.pathname}?${url.searchParams.toString()}`);
  const body = (await upstream.json()) as Record<string, unknown>;
  const warnings = state.storeError !== null || state.alwaysPartial ? { warnings: ['a store is away'] } : {};
  return send(response, upstream.status, JSON.stringify({ ...body, ...warnings }));
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}
