import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { LaunchError, say } from './say.mjs';

/** What the pages are made of; the web may import these layers. */
const SOURCES = ['web', 'src/kernel', 'src/contract', 'src/documents', 'src/plan', 'package-lock.json'];
const BUILT = 'web/dist/index.html';
const ASSETS = 'web/dist/assets';
const CONFIG = 'web/vite.config.ts';

/**
 * Builds the web pages when their sources are here and the built files are missing or older.
 * @param {string} root the project's folder
 * @param {string} node the Node that builds
 * @returns {boolean} whether anything was built
 */
export function bringWeb(root, node) {
  if (!isWebStale(root)) return false;
  say('building the web pages');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const { status } = spawnSync(node, [vite, 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'web'),
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0 || !existsSync(join(root, BUILT))) {
    throw new LaunchError(
      `expected \`vite build\` to make \`${BUILT}\`, got exit status \`${status}\`: see above`,
    );
  }
  compress(join(root, ASSETS));
  return true;
}

/**
 * Lays a compressed copy beside each file, which the server sends to who takes it.
 * @param {string} folder
 */
function compress(folder) {
  for (const name of readdirSync(folder).filter((one) => /\.(?:js|css)$/.test(one))) {
    const bytes = readFileSync(join(folder, name));
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  }
}

/**
 * Whether there are pages to build, and sources newer than what was built.
 * @param {string} root
 */
export function isWebStale(root) {
  if (!existsSync(join(root, CONFIG))) return false;
  const built = statSync(join(root, BUILT), { throwIfNoEntry: false });
  if (built === undefined) return true;
  return SOURCES.some((source) => newest(join(root, source)) > built.mtimeMs);
}

/**
 * The time of the newest entry below a path, its folders' own times included, which tell of what was removed.
 * @param {string} path
 * @returns {number}
 */
function newest(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const inside = readdirSync(path).filter(
    (name) => name !== 'dist' && name !== 'node_modules' && !name.startsWith('.'),
  );
  // The build makes `dist` and caches right here, so this folder's own time says nothing.
  const own = inside.includes('vite.config.ts') ? 0 : found.mtimeMs;
  return Math.max(own, ...inside.map((name) => newest(join(path, name))));
}
