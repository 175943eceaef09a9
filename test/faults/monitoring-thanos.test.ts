import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../kit/loopback-process.ts';
import { startMisbehavingProxy, type MisbehavingProxy, type Misbehaviour } from '../kit/misbehaving-proxy.ts';
import { probeOf, proveMonitoring } from '../kit/monitoring-proof.ts';
import { startPrometheus, type TestPrometheus } from '../kit/prometheus.ts';
import { startThanos, type TestThanos } from '../kit/thanos.ts';

// M12: a stand-in that speaks Thanos Query's protocol, before a real Prometheus, behind a proxy that misbehaves.

let prometheus: TestPrometheus;
let thanos: TestThanos;
let proxy: MisbehavingProxy;
const prove = () =>
  proveMonitoring({ prometheus: prometheus.url, alertmanager: null, thanos: { url: proxy.url } }, {});

beforeAll(async () => {
  prometheus = await startPrometheus({ scraped: [] });
  thanos = await startThanos(prometheus.url);
  proxy = await startMisbehavingProxy(thanos.url);
  await eventually(prove, (proof) => proof.thanos === 'pass');
});
afterAll(async () => {
  await proxy.stop();
  await thanos.stop();
  await prometheus.stop();
});
beforeEach(() => {
  proxy.behave('well');
  Object.assign(thanos.state, { storeError: null, alwaysPartial: false, stores: 1 });
});

describe('Thanos Query', () => {
  it('passes while it is ready, current and its stores are well, with every raw answer', async () => {
    const proof = await prove();
    expect(proof.thanos).toBe('pass');
    for (const id of ['M1', 'M2', 'M3', 'M12', 'M13']) {
      expect(probeOf(proof, id, 'thanos').verdict).toBe('pass');
    }
    expect(probeOf(proof, 'M12', 'thanos').raw).toHaveLength(2);
  });

  it('does not where a store had an error, also where nothing else shows it', async () => {
    thanos.state.storeError = 'rpc error: code = Unavailable';
    const proof = await prove();
    expect(proof.thanos).toBe('fail');
    expect(probeOf(proof, 'M12', 'thanos')).toMatchObject({ verdict: 'fail' });
  });

  it('does not where it has no store', async () => {
    thanos.state.stores = 0;
    expect((await prove()).thanos).toBe('fail');
  });

  it('does not where an answer bears a warning', async () => {
    thanos.state.alwaysPartial = true;
    expect(probeOf(await prove(), 'M13', 'thanos')).toMatchObject({ verdict: 'fail' });
  });

  it('does not behind a proxy that strips `partial_response`', async () => {
    proxy.behave('strip partial_response', '/api/v1/query');
    const proof = await prove();
    expect(proof.thanos).toBe('fail');
    expect(probeOf(proof, 'M12', 'thanos').because).toContain('does not arrive');
  });

  it.each<Misbehaviour>([
    'hang',
    'unavailable',
    'log-in page',
    'redirect to a log-in page',
    'truncated JSON',
    'status: error',
    'reset the connection',
  ])('does not where what stands before it does: %s', async (how) => {
    proxy.behave(how);
    expect((await prove()).thanos).not.toBe('pass');
  });

  it('does not where none is configured', async () => {
    const proof = await proveMonitoring({ prometheus: prometheus.url, alertmanager: null, thanos: null }, {});
    expect(proof.thanos).toBe('unknown');
  });
});
