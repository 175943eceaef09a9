import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Client } from 'pg';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { databaseAt, DOOR, TEMPLATE, type Answer } from './database-door.ts';

/** A database of one test file's own. */
export interface TestDatabase {
  readonly url: string;
  readonly db: Database;
  /** Ends the connections and drops the database; call it in `afterAll`. */
  drop(): Promise<void>;
}

/** Clones a database with every migration applied, on the real PostgreSQL of this test run. */
export async function testDatabase(): Promise<TestDatabase> {
  return cloneOf(TEMPLATE);
}

/** A database with nothing in it, for tests of the migrations themselves. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return cloneOf('template1');
}

async function cloneOf(template: string): Promise<TestDatabase> {
  const server = await knock(template);
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name} template ${template}`);
  const url = databaseAt(server, name);
  const db = openDatabase(url);
  return {
    url,
    db,
    drop: async () => {
      await db.destroy();
      await administer(server, `drop database ${name} with (force)`);
    },
  };
}

async function administer(server: string, statement: string): Promise<void> {
  const admin = new Client({ connectionString: server });
  await admin.connect();
  try {
    await admin.query(statement);
  } finally {
    await admin.end();
  }
}

async function knock(template: string): Promise<string> {
  const path = process.env[DOOR];
  if (path === undefined) {
    throw new Error(
      `expected \`${DOOR}\`, which test/kit/global-setup.ts sets, got nothing: run under vitest`,
    );
  }
  const answer = JSON.parse(await text(connect(path))) as Answer;
  if (answer.url === undefined || (answer.problem !== undefined && template === TEMPLATE)) {
    throw new Error(`expected a database for the tests, got \`${answer.problem}\``);
  }
  return answer.url;
}
