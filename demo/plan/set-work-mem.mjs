// Sets `work_mem` of the PostgreSQL that SHOP_DATABASE_URL names: `set-work-mem.mjs EXPECTED WANTED [--dry-run]`.
// Refuses when the old value is not the expected one, so that two changes of one setting cannot overwrite each other.
import { Client } from 'pg';

const [expected, wanted, ...flags] = process.argv.slice(2);
const dryRun = flags.includes('--dry-run');
const size = /^\d+(kB|MB|GB)$/;
if (!size.test(expected ?? '') || !size.test(wanted ?? '')) {
  console.error('expected two sizes such as `4MB 8MB`, got `%s`', process.argv.slice(2).join(' '));
  process.exit(2);
}

const client = new Client({ connectionString: process.env.SHOP_DATABASE_URL });
await client.connect();
try {
  const { rows } = await client.query('show work_mem');
  const old = rows[0].work_mem;
  console.log('work_mem is %s', old);
  if (old !== expected) throw new Error(`expected the old value \`${expected}\`, got \`${old}\``);
  const statement = `alter system set work_mem = '${wanted}'`;
  if (dryRun) {
    console.log('would run: %s', statement);
    console.log('would reload the configuration');
  } else {
    await client.query(statement);
    await client.query('select pg_reload_conf()');
    console.log('ran: %s', statement);
    console.log('reloaded the configuration');
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await client.end();
}
