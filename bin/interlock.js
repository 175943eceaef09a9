#!/usr/bin/env node
// The sources run as they are in a checkout; a published package holds them compiled.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';

/** @param {string} path from the folder of the package */
const has = (path) => existsSync(fileURLToPath(new URL(`../${path}`, import.meta.url)));

if (!has('node_modules') && has('package-lock.json') && has('launch/fresh.mjs')) {
  // A checkout in which nothing was started yet: what is missing is brought first, as `npm start` does.
  const { startFresh } = await import('../launch/fresh.mjs');
  startFresh(fileURLToPath(import.meta.url), process.argv.slice(2));
} else {
  await begin();
}

async function begin() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 24) {
    const brought = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
    const instead = existsSync(brought) ? `; one is at \`${brought}\`` : '';
    process.stderr.write(
      `interlock: expected Node.js 24 or newer, got \`${process.versions.node}\` at \`${process.execPath}\`${instead}\n`,
    );
    process.exit(1);
  }
  // A runner works beside what it changes: what it needs for a moment only is collected sooner, instead of kept in a larger heap.
  if (process.argv.includes('run')) {
    v8.setFlagsFromString('--semi-space-growth-factor=1');
    v8.setFlagsFromString('--heap-growing-percent=20');
  }
  // Halves the time to the first answer; where the folder cannot be written, nothing is lost but that.
  module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/interlock', import.meta.url)));
  const compiled = new URL('../dist/src/main.js', import.meta.url);
  const { main } = await import(
    existsSync(compiled) ? compiled.href : new URL('../src/main.ts', import.meta.url).href
  );
  process.exitCode = await main(process.argv.slice(2));
}
