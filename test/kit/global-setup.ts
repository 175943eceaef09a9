import { fileURLToPath } from 'node:url';
import { openDoor, type Door } from './database-door.ts';

let door: Door | undefined;

export async function setup(): Promise<void> {
  // What the tests start by Node, some hundred times, is compiled once: the program's own start has the same folder.
  process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(
    new URL('../../node_modules/.cache/interlock', import.meta.url),
  );
  door = await openDoor();
}

export async function teardown(): Promise<void> {
  await door?.close();
}
