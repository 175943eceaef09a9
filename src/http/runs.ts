import { z } from 'zod';
import { readRunAlerts } from '../app/run/alerts.ts';
import { advanceRun } from '../app/run/advance.ts';
import type { AppContext } from '../app/context.ts';
import { heartbeatRun } from '../app/run/heartbeat.ts';
import { leaveRun } from '../app/run/leave.ts';
import { listLiveRuns, listRuns, showRun, showRunSince } from '../app/run/show.ts';
import { startRun } from '../app/run/start.ts';
import { takeOverRun } from '../app/run/take-over.ts';
import { valueOf } from '../app/outcome.ts';
import { changeId } from '../contract/changes.ts';
import { runAlerts } from '../contract/run-alerts.ts';
import { runList } from '../contract/run-list.ts';
import * as contract from '../contract/runs.ts';
import { callOf, type Api } from './api.ts';
import { registerCheckResults } from './check-results.ts';
import { registerDelayedChecks } from './delayed-checks.ts';
import { registerDryRuns } from './dry-runs.ts';
import { registerRunEvidence } from './run-evidence.ts';
import { registerRunWaits } from './run-waits.ts';
import { registerRunWords } from './run-words.ts';

const tags = ['runs'];
const ofChange = z.strictObject({ change: changeId });
const ofRun = z.strictObject({ run: contract.runId });
/** Results of every check of a large plan. */
const REPORT_BYTES = 8 * 1_048_576;

/** `/api/v1/runs`: what is executed, and what its runner says and is told. */
export function registerRuns(app: Api, context: AppContext): void {
  registerReading(app, context);
  registerAlerts(app, context);
  registerTaking(app, context);
  registerRunner(app, context);
  registerRunWaits(app, context);
  registerRunWords(app, context);
  registerRunEvidence(app, context);
  registerDryRuns(app, context);
  registerDelayedChecks(app, context);
  registerCheckResults(app, context);
}

function registerAlerts(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/runs/:run/alerts',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'The alerts that fire now and have to do with a run',
        params: ofRun,
        response: { 200: runAlerts },
      },
    },
    (request) => readRunAlerts(context, request.params.run),
  );
}

function registerReading(app: Api, context: AppContext): void {
  const runs = z.strictObject({ runs: z.array(contract.runView) });
  app.get(
    '/api/v1/runs',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Every live run, and how far it is; its steps are at its own address',
        response: { 200: runList },
      },
    },
    async () => ({ runs: await listLiveRuns(context.db) }),
  );
  app.get(
    '/api/v1/changes/:change/runs',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'The runs of a change, the newest first',
        params: ofChange,
        response: { 200: runs },
      },
    },
    async (request) => ({ runs: await listRuns(context.db, request.params.change) }),
  );
  app.get(
    '/api/v1/runs/:run',
    {
      config: { access: 'read', resource: 'run' },
      schema: { tags, summary: 'One run', params: ofRun, response: { 200: contract.runView } },
    },
    async (request) => valueOf(await showRun(context.db, request.params.run)),
  );
  app.get(
    '/api/v1/runs/:run/since/:version',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'One run, of its steps those that changed since a version',
        description: 'For who holds the run at that version. All steps, where the server does not know it.',
        params: ofRun.extend({ version: z.coerce.number().pipe(contract.runView.shape.version) }),
        response: { 200: contract.runView },
      },
    },
    async (request) => valueOf(await showRunSince(context, request.params.run, request.params.version)),
  );
}

function registerTaking(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/changes/:change/runs',
    {
      config: { access: 'execute' },
      schema: {
        tags,
        summary: 'Start a run, from a bastion',
        params: ofChange,
        body: contract.startRun,
        response: { 200: contract.runnerCharter },
      },
    },
    async (request) => valueOf(await startRun(context, callOf(request), request.params.change, request.body)),
  );
  app.post(
    '/api/v1/runs/:run/take-over',
    {
      config: { access: 'bastion' },
      schema: {
        tags,
        summary: 'Take over a run whose runner was lost',
        params: ofRun,
        body: contract.takeOverRun,
        response: { 200: contract.runnerCharter },
      },
    },
    async (request) => valueOf(await takeOverRun(context, callOf(request), request.params.run, request.body)),
  );
}

function registerRunner(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/runs/:run/advance',
    {
      config: { access: 'execute' },
      bodyLimit: REPORT_BYTES,
      schema: {
        tags,
        summary: 'Report what was done, and get what to do next',
        params: ofRun,
        body: contract.advanceRun,
        response: { 200: contract.advanceAnswer },
      },
    },
    async (request) => valueOf(await advanceRun(context, callOf(request), request.params.run, request.body)),
  );
  app.post(
    '/api/v1/runs/:run/heartbeat',
    {
      config: { access: 'execute' },
      bodyLimit: REPORT_BYTES,
      schema: {
        tags,
        summary: 'Say that the runner lives, and hear whether to stop',
        params: ofRun,
        body: contract.heartbeat,
        response: { 200: contract.heartbeatAnswer },
      },
    },
    async (request) =>
      valueOf(await heartbeatRun(context, callOf(request), request.params.run, request.body)),
  );
  app.post(
    '/api/v1/runs/:run/leave',
    {
      config: { access: 'execute' },
      schema: {
        tags,
        summary: 'Leave a run, with nothing under way',
        params: ofRun,
        body: contract.leaveRun,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      valueOf(await leaveRun(context, callOf(request), request.params.run, request.body));
      return reply.code(204).send(null);
    },
  );
}
