import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { AppContext } from '../app/context.ts';
import { readEntryPage, readEntryTypes } from '../app/ledger-entries.ts';
import {
  proveContinues,
  proveEntry,
  readCheckpointNote,
  readLedgerTile,
  withCosignatures,
} from '../app/ledger-files.ts';
import { signForReaders, verifyNow } from '../app/ledger-watch.ts';
import { AppError } from '../contract/errors.ts';
import {
  consistencyProof,
  consistencyQuery,
  entryParams,
  entryQuery,
  entryTypes,
  ledgerPage,
  ledgerVerdict,
} from '../contract/ledger.ts';
import type { Api } from './api.ts';

const tags = ['ledger'];
const config = { access: 'read' } as const;
const PREFIX = '/api/v1/ledger';

/**
 * `/api/v1/ledger`: the ledger for auditors and their programs. It is the prefix of a tiled log (c2sp.org/tlog-tiles),
 * and has proofs, the entries as JSON, and the verification.
 */
export function registerLedger(app: Api, context: AppContext): void {
  registerCheckpoints(app, context);
  registerTiles(app, context);
  registerEntries(app, context);
  registerProofs(app, context);
  app.post(
    `${PREFIX}/verify`,
    {
      config,
      schema: { tags, summary: 'Verify every entry of the ledger', response: { 200: ledgerVerdict } },
    },
    () => verifyNow(context),
  );
}

function registerCheckpoints(app: Api, context: AppContext): void {
  const { book } = context.ledger;
  const response = { 200: z.string().describe('A signed note.') };
  app.get(
    `${PREFIX}/checkpoint`,
    { config, schema: { tags, summary: 'The newest signed checkpoint', response } },
    async (_request, reply) => {
      const note = await readCheckpointNote(book);
      if (note === null) throw new AppError('not_found', 'expected a signed checkpoint, got none yet');
      return sendText(reply, note);
    },
  );
  app.post(
    `${PREFIX}/checkpoint`,
    { config, schema: { tags, summary: 'Sign a checkpoint of everything recorded by now', response } },
    async (_request, reply) => {
      const signed = await signForReaders(context);
      if (!signed.ok) throw new AppError('ledger_frozen', undefined, { details: { faults: signed.faults } });
      return sendText(reply, await withCosignatures(book.db, signed));
    },
  );
}

function registerTiles(app: Api, { ledger: { book } }: AppContext): void {
  const params = z.strictObject({
    '*': z.string().describe('`<level>/<index>[.p/<width>]`, or `entries/<index>[.p/<width>]`.'),
  });
  const response = { 200: z.unknown().describe('Bytes as c2sp.org/tlog-tiles has them.') };
  app.get(
    `${PREFIX}/tile/*`,
    { config, schema: { tags, summary: 'A tile of hashes, or a bundle of entries', params, response } },
    async (request, reply) => {
      const bytes = await readLedgerTile(book, `tile/${request.params['*']}`);
      if (bytes === null) throw new AppError('not_found');
      return (
        reply
          .type('application/octet-stream')
          // What is there once never changes. It is not public: no shared cache may keep it.
          .header('cache-control', 'private, max-age=31536000, immutable')
          .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
      );
    },
  );
  app.get(
    `${PREFIX}/log.vkey`,
    {
      config,
      schema: {
        tags,
        summary: 'The verifier key of the log',
        response: { 200: z.string().describe('One line.') },
      },
    },
    async (_request, reply) => sendText(reply, `${book.key.vkey}\n`),
  );
}

function registerEntries(app: Api, { ledger: { book } }: AppContext): void {
  app.get(
    `${PREFIX}/entries`,
    {
      config,
      schema: {
        tags,
        summary:
          'Entries in their order or the newest first: all, or those of an object, a type, a person, an outcome, a time',
        querystring: entryQuery,
        response: { 200: ledgerPage },
      },
    },
    (request) => readEntryPage(book, request.query),
  );
  app.get(
    `${PREFIX}/types`,
    {
      config,
      schema: { tags, summary: 'Which types of entries there are', response: { 200: entryTypes } },
    },
    () => readEntryTypes(book),
  );
}

function registerProofs(app: Api, { ledger: { book } }: AppContext): void {
  app.get(
    `${PREFIX}/consistency`,
    {
      config,
      schema: {
        tags,
        summary: 'The proof that the ledger of one size is the beginning of the ledger of another',
        querystring: consistencyQuery,
        response: { 200: consistencyProof },
      },
    },
    async ({ query: { from, to } }) => {
      const proof = await proveContinues(book, from, to);
      if (proof === null)
        throw new AppError('not_found', 'expected sizes up to that of the ledger, got a larger one');
      return proof;
    },
  );
  app.get(
    `${PREFIX}/entries/:index/proof`,
    {
      config,
      schema: {
        tags,
        summary: 'The proof that an entry stands in the log, good without the log',
        params: entryParams,
        response: { 200: z.string().describe('A `.tlog-proof` file (c2sp.org/tlog-proof).') },
      },
    },
    async (request, reply) => {
      const proof = await proveEntry(book, request.params.index);
      if (proof === null)
        throw new AppError('not_found', 'expected an entry under a signed checkpoint, got none');
      return sendText(reply, proof);
    },
  );
}

function sendText(reply: FastifyReply, text: string): FastifyReply {
  return reply
    .type('text/plain; charset=utf-8')
    .header('cache-control', 'no-store')
    .serializer((value: string) => value)
    .send(text);
}
