import { z } from 'zod';
import type { AppContext } from '../app/context.ts';
import { takeApproval } from '../app/run/await-word.ts';
import { acceptDifference } from '../app/run/dry-run-difference.ts';
import { handOffRun } from '../app/run/hand-off.ts';
import { takeWord, type Take } from '../app/run/word.ts';
import {
  takeAbort,
  takeGoOn,
  takeHold,
  takeRollback,
  takeSettlement,
  takeSuspension,
} from '../app/run/words.ts';
import { changeId } from '../contract/changes.ts';
import { acceptDifference as acceptance, dryRunView } from '../contract/dry-run.ts';
import * as contract from '../contract/runs.ts';
import type { RunAct } from '../kernel/run/acts.ts';
import { callOf, type Api } from './api.ts';
import { answer } from './recorded.ts';

const tags = ['runs'];
const ofRun = z.strictObject({ run: contract.runId });
const config = { access: 'person', resource: 'run' } as const;

/** What people say about a run. Who may is the server's to say, by what they are to the change now. */
export function registerRunWords(app: Api, context: AppContext): void {
  const response = { 200: contract.runView };
  app.post(
    '/api/v1/runs/:run/hold',
    {
      config: { ...config, uncounted: true },
      schema: { tags, summary: 'Hold a run', params: ofRun, body: contract.holdRun, response },
    },
    async (request, reply) => {
      const word = { runId: request.params.run, act: 'hold', take: takeHold(request.body) } as const;
      return answer(reply, await takeWord(context, callOf(request), word));
    },
  );
  app.post(
    '/api/v1/runs/:run/settle',
    {
      config,
      schema: {
        tags,
        summary: 'State what an unknown step did',
        params: ofRun,
        body: contract.settleStep,
        response,
      },
    },
    async (request, reply) => {
      const word = { runId: request.params.run, act: 'settle', take: takeSettlement(request.body) } as const;
      return answer(reply, await takeWord(context, callOf(request), word));
    },
  );
  app.post(
    '/api/v1/runs/:run/hand-off',
    {
      config,
      schema: { tags, summary: 'Write the hand-off note', params: ofRun, body: contract.handOff, response },
    },
    async (request, reply) =>
      answer(reply, await handOffRun(context, callOf(request), request.params.run, request.body)),
  );
  registerStepWord(app, context);
  registerPlainWords(app, context);
  registerAcceptance(app, context);
}

function registerStepWord(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/runs/:run/approve-step',
    {
      config,
      schema: {
        tags,
        summary: 'Say the word that a run waits for at a step',
        params: ofRun,
        body: contract.personsWord,
        response: { 200: contract.runView },
      },
    },
    async (request, reply) => {
      const take = takeApproval(request.body);
      const word = { runId: request.params.run, act: 'approve-step', take } as const;
      return answer(reply, await takeWord(context, callOf(request), word));
    },
  );
}

const PLAIN: readonly (readonly [act: RunAct, summary: string, take: Take])[] = [
  ['go-on', 'Let a held run go on', takeGoOn],
  ['roll-back', 'Roll a held run back', takeRollback],
  ['abort', 'Give a held run up as it stands', takeAbort],
  ['suspend', 'Suspend a held run, as EOC or IMOC; both are needed', takeSuspension],
];

function registerPlainWords(app: Api, context: AppContext): void {
  for (const [act, summary, take] of PLAIN) {
    app.post(
      `/api/v1/runs/:run/${act}`,
      {
        config,
        schema: {
          tags,
          summary,
          params: ofRun,
          body: contract.personsWord,
          response: { 200: contract.runView },
        },
      },
      async (request, reply) =>
        answer(reply, await takeWord(context, callOf(request), { runId: request.params.run, act, take })),
    );
  }
}

function registerAcceptance(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/changes/:change/dry-runs/:dryRun/acceptance',
    {
      config: { access: 'person' },
      schema: {
        tags: ['dry runs'],
        summary: 'Accept the difference of a repeated dry run',
        params: z.strictObject({ change: changeId, dryRun: z.string().regex(/^\d{1,18}$/) }),
        body: acceptance,
        response: { 200: dryRunView },
      },
    },
    async (request, reply) => {
      const { change, dryRun } = request.params;
      const { because } = request.body;
      return answer(
        reply,
        await acceptDifference(context, callOf(request), { changeId: change, dryRun, because }),
      );
    },
  );
}
