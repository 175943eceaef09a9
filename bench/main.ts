import { cpus } from 'node:os';
import { type Row, tableOf } from './row.ts';

/** Each benchmark is loaded only when it runs, so that one can be asked for by name: `npm run bench -- decide`. */
const BENCHES: Readonly<Record<string, () => Promise<Row[]>>> = {
  decide: async () => (await import('./decide.ts')).benchDecide(),
  gate: async () => (await import('./gate.ts')).benchGate(),
  step: async () => (await import('./step.ts')).benchStep(),
  memory: async () => (await import('./memory.ts')).benchMemory(),
  open: async () => (await import('./open.ts')).benchOpen(),
  list: async () => (await import('./list.ts')).benchList(),
  ledger: async () => (await import('./ledger.ts')).benchLedger(),
  start: async () => (await import('./start.ts')).benchStart(),
  web: async () => (await import('./web.ts')).benchWeb(),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(
    `expected names of benchmarks (${Object.keys(BENCHES).join(', ')}), got \`${unknown.join(' ')}\``,
  );
  process.exit(3);
}
console.log(
  `node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}; figures of one run on a shared machine, the ratios hold\n`,
);
const rows: Row[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  process.stderr.write(`measuring ${name} …\n`);
  rows.push(...(await bench()));
}
console.log(tableOf(rows));
