import { z } from 'zod';
import { actsOn } from '../app/change/standing.ts';
import type { AppContext } from '../app/context.ts';
import { valueOf } from '../app/outcome.ts';
import { readSamples } from '../app/run/samples.ts';
import { readWatched } from '../app/run/watched.ts';
import { wordsOn } from '../app/run/words-open.ts';
import { actsView, watchedView, wordsView } from '../contract/acts.ts';
import { changePath } from '../contract/changes.ts';
import { samplePage, sampleQuery } from '../contract/samples.ts';
import { runId } from '../contract/runs.ts';
import { callOf, type Api } from './api.ts';

const config = { access: 'read' } as const;
const ofRun = z.strictObject({ run: runId });

/** What whoever calls may do now, and why not the rest: for whoever draws buttons. And what a run watches. */
export function registerActs(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/changes/:id/acts',
    {
      config,
      schema: {
        tags: ['changes'],
        summary: 'What the caller may do with a request now, and why not the rest',
        params: changePath,
        response: { 200: actsView },
      },
    },
    async (request) => valueOf(await actsOn(context.db, callOf(request), request.params.id)),
  );
  app.get(
    '/api/v1/runs/:run/words',
    {
      config,
      schema: {
        tags: ['runs'],
        summary: 'What the caller may say about a run now, and why not the rest',
        params: ofRun,
        response: { 200: wordsView },
      },
    },
    async (request) => valueOf(await wordsOn(context, callOf(request), request.params.run)),
  );
  registerWatched(app, context);
}

function registerWatched(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/runs/:run/watched',
    {
      config,
      schema: {
        tags: ['runs'],
        summary: 'The watched metrics of a run, as they were measured last',
        params: ofRun,
        response: { 200: watchedView },
      },
    },
    async (request) => valueOf(await readWatched(context.db, request.params.run)),
  );
  app.get(
    '/api/v1/runs/:run/samples',
    {
      config,
      schema: {
        tags: ['runs'],
        summary: "What was measured of a run's watched metrics since it began, the oldest first",
        params: ofRun,
        querystring: sampleQuery,
        response: { 200: samplePage },
      },
    },
    async (request) => valueOf(await readSamples(context.db, request.params.run, request.query.after)),
  );
}
