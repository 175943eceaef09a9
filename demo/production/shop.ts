/**
 * The small web service of the demo's production: it reads its products from PostgreSQL and tells Prometheus how that went.
 * Started as a program of its own: `node demo/production/shop.ts`, with `SHOP_PORT` and `SHOP_DATABASE_URL`.
 */
import { createServer } from 'node:http';
import { Pool } from 'pg';

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

const requests = new Map<string, number>([
  ['200', 0],
  ['500', 0],
]);
const buckets = BUCKETS.map(() => 0);
let durationSum = 0;
let durationCount = 0;

function observe(status: number, seconds: number): void {
  requests.set(String(status), (requests.get(String(status)) ?? 0) + 1);
  BUCKETS.forEach((bound, index) => {
    if (seconds <= bound) buckets[index] = (buckets[index] ?? 0) + 1;
  });
  durationSum += seconds;
  durationCount += 1;
}

function metrics(): string {
  return [
    '# TYPE http_requests_total counter',
    ...[...requests].map(([code, count]) => `http_requests_total{code="${code}"} ${count}`),
    '# TYPE http_request_duration_seconds histogram',
    ...BUCKETS.map(
      (bound, index) => `http_request_duration_seconds_bucket{le="${bound}"} ${buckets[index] ?? 0}`,
    ),
    `http_request_duration_seconds_bucket{le="+Inf"} ${durationCount}`,
    `http_request_duration_seconds_sum ${durationSum}`,
    `http_request_duration_seconds_count ${durationCount}`,
    '',
  ].join('\n');
}

const database = new Pool({ connectionString: process.env['SHOP_DATABASE_URL'], max: 4 });
// A lost connection shows as failed requests; the pool makes a new one at the next.
database.on('error', () => undefined);

const server = createServer((request, response) => {
  if (request.url === '/metrics') {
    response.end(metrics());
    return;
  }
  const started = performance.now();
  database.query('select name, price from products order by name').then(
    ({ rows }) => {
      observe(200, (performance.now() - started) / 1000);
      response.setHeader('content-type', 'application/json').end(JSON.stringify(rows));
    },
    (cause: unknown) => {
      observe(500, (performance.now() - started) / 1000);
      response.writeHead(500).end(cause instanceof Error ? cause.message : 'unknown');
    },
  );
});
server.listen(Number(process.env['SHOP_PORT']), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
