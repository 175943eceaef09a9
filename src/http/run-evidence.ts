import { z } from 'zod';
import type { AppContext } from '../app/context.ts';
import { valueOf } from '../app/outcome.ts';
import { keepEvidence, keepJournal, listEvidence, readEvidence } from '../app/run/evidence.ts';
import { keepTerminal, readTerminal } from '../app/run/terminal.ts';
import { AppError } from '../contract/errors.ts';
import { sha256Digest } from '../contract/execution.ts';
import { journalUpload } from '../contract/journal.ts';
import { fileName, runId } from '../contract/runs.ts';
import { TERMINAL_PART_BYTES, terminalPage, terminalPart, terminalQuery } from '../contract/terminal.ts';
import { callOf, type Api } from './api.ts';

const tags = ['runs'];
const kept = z.strictObject({ digest: sha256Digest });
const ofRun = z.strictObject({ run: runId });
const ofFile = ofRun.extend({
  kind: z.enum(['output', 'recording', 'journal']),
  name: fileName,
});
const FILE_BYTES = 32 * 1_048_576;
const JOURNAL_BYTES = 16 * 1_048_576;
const OCTETS = 'application/octet-stream';

/** What runners hand in as evidence: outputs, recordings, journals. */
export function registerRunEvidence(app: Api, context: AppContext): void {
  if (!app.hasContentTypeParser(OCTETS)) {
    app.addContentTypeParser(OCTETS, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  }
  registerFiles(app, context);
  registerReadingFiles(app, context);
  registerTerminal(app, context);
}

function registerFiles(app: Api, context: AppContext): void {
  app.put(
    '/api/v1/runs/:run/files/:kind/:name',
    {
      config: { access: 'execute' },
      bodyLimit: FILE_BYTES,
      schema: { tags, summary: 'Hand in an output or a recording', params: ofFile, response: { 200: kept } },
    },
    async (request) => {
      const { run, kind, name } = request.params;
      if (kind === 'journal')
        throw new AppError('invalid', 'expected an output or a recording, got a journal');
      const bytes = Buffer.isBuffer(request.body) ? request.body : null;
      if (bytes === null) throw new AppError('unsupported_media_type', `expected a body of \`${OCTETS}\``);
      return valueOf(await keepEvidence(context, callOf(request), run, { kind, name, bytes }));
    },
  );
  app.post(
    '/api/v1/runs/:run/journal',
    {
      config: { access: 'execute' },
      bodyLimit: JOURNAL_BYTES,
      schema: {
        tags,
        summary: "Hand in the runner's journal",
        params: ofRun,
        body: journalUpload,
        response: { 200: kept },
      },
    },
    async (request) => valueOf(await keepJournal(context, callOf(request), request.params.run, request.body)),
  );
}

/** The terminal as it is shown, before its recording comes. */
function registerTerminal(app: Api, context: AppContext): void {
  const part = ofRun.extend({ epoch: terminalPart.shape.epoch, from: terminalPart.shape.from });
  app.put(
    '/api/v1/runs/:run/terminal/:epoch/:from',
    {
      config: { access: 'execute' },
      bodyLimit: TERMINAL_PART_BYTES,
      schema: {
        tags,
        summary: 'Hand in what the terminal showed a moment ago, for those who look on',
        params: part,
        response: {
          200: z.strictObject({
            kept: z
              .boolean()
              .describe('`false` where too much waits for its recording, or it was kept before.'),
          }),
        },
      },
    },
    async (request) => {
      const { run, epoch, from } = request.params;
      const bytes = Buffer.isBuffer(request.body) ? request.body : null;
      if (bytes === null) throw new AppError('unsupported_media_type', `expected a body of \`${OCTETS}\``);
      return valueOf(await keepTerminal(context, callOf(request), { runId: run, epoch }, { from, bytes }));
    },
  );
  app.get(
    '/api/v1/runs/:run/terminal',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'A page of what the terminal of a run showed, from a byte on',
        params: ofRun,
        querystring: terminalQuery,
        response: { 200: terminalPage },
      },
    },
    async (request) => valueOf(await readTerminal(context.db, request.params.run, request.query)),
  );
}

function registerReadingFiles(app: Api, context: AppContext): void {
  const files = z.strictObject({
    files: z.array(z.strictObject({ kind: z.string(), name: z.string(), digest: sha256Digest })),
  });
  app.get(
    '/api/v1/runs/:run/files',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'What was handed in of a run', params: ofRun, response: { 200: files } },
    },
    async (request) => ({ files: await listEvidence(context.db, request.params.run) }),
  );
  app.get(
    '/api/v1/runs/:run/files/:kind/:name',
    { config: { access: 'read' }, schema: { tags, summary: 'One file of a run, as it is', params: ofFile } },
    async (request, reply) => {
      const { run, kind, name } = request.params;
      const bytes = await readEvidence(context.db, { runId: run, kind, name });
      if (bytes === null) throw new AppError('not_found');
      // Never shown by a browser: what a program printed may be anything.
      return reply.header('content-disposition', 'attachment').type(OCTETS).send(bytes);
    },
  );
}
