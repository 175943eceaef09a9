import { openDoor, type Door } from './database-door.ts';

let door: Door | undefined;

export async function setup(): Promise<void> {
  door = await openDoor();
}

export async function teardown(): Promise<void> {
  await door?.close();
}
