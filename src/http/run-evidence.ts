import { z } from 'zod';
import type { AppContext } from '../app/context.ts';
import { valueOf } from '../app/outcome.ts';
import { keepEvidence, keepJournal, listEvidence, readEvidence } from '../app/run/evidence.ts';
import { AppError } from '../contract/errors.ts';
import { sha256Digest } from '../contract/execution.ts';
import { journalUpload } from '../contract/journal.ts';
import { fileName, runId } from '../contract/runs.ts';
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
