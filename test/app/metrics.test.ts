import { describe, expect, it } from 'vitest';
import { lineLog } from '../../src/app/line-log.ts';
import { Metrics } from '../../src/app/metrics.ts';

describe('metrics', () => {
  it('are written as Prometheus reads them', () => {
    const metrics = new Metrics();
    metrics.declare('test_total', 'counter', 'A count.');
    metrics.declare('test_seconds', 'histogram', 'A time.');
    metrics.count('test_total', { b: '2', a: 'x "y"\nz\\' });
    metrics.count('test_total', { a: 'x "y"\nz\\', b: '2' }, 2);
    for (const value of [0.001, 0.0011, 3, 99]) metrics.observe('test_seconds', {}, value);
    const text = metrics.text();
    expect(text).toContain(
      '# HELP test_total A count.\n# TYPE test_total counter\ntest_total{a="x \\"y\\"\\nz\\\\",b="2"} 3\n',
    );
    expect(text).toContain('test_seconds_bucket{le="0.001"} 1\ntest_seconds_bucket{le="0.0025"} 2\n');
    expect(text).toContain('test_seconds_bucket{le="5"} 3\ntest_seconds_bucket{le="10"} 3\n');
    expect(text).toContain('test_seconds_bucket{le="+Inf"} 4\n');
    expect(text).toContain('test_seconds_count 4\n');
  });

  it('that nobody declared are a mistake', () => {
    expect(() => new Metrics().count('nonsense')).toThrow('expected a declared metric, got `nonsense`');
  });
});

describe('the log', () => {
  it('is one line an event, whatever is in it', () => {
    const lines: string[] = [];
    const log = lineLog((line) => lines.push(line));
    log.warn({ name: 'a\n2026-01-01T00:00:00Z error forged', size: 7n }, 'two\nlines');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z warn two lines \{"name":"a\\n2026-01-01T00:00:00Z error forged","size":"7"\}$/,
    );
  });

  it('leaves out what is not bad enough', () => {
    const lines: string[] = [];
    lineLog((line) => lines.push(line), 'warn').info({}, 'hello');
    expect(lines).toEqual([]);
  });
});
