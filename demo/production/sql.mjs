// One statement to the shop's PostgreSQL, its answer on one line each: what a bastion of the demo has in place of `psql`.
import { Client } from 'pg';

const [statement, ...rest] = process.argv.slice(2);
if (statement === undefined || rest.length > 0) {
  console.error('expected one statement, got %d arguments', process.argv.length - 2);
  process.exit(2);
}
const client = new Client({ connectionString: process.env.SHOP_DATABASE_URL });
try {
  await client.connect();
  const { rows } = await client.query({ text: statement, rowMode: 'array' });
  for (const row of rows) console.log(row.join('\t'));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await client.end();
}
