import type { NowAnswer } from '../../contract/gate.ts';
import { CRITICALITIES, STAGES, type Criticality, type Stage } from '../../kernel/policy/facts.ts';
import { transact, type Transaction } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { previewAsk } from '../decide-asks.ts';
import { whyNothingIsDone } from '../policy-in-force.ts';

type EnvironmentNow = NowAnswer['environments'][number];

/**
 * May production change now, and if not, why and from when: each environment, by criticality and stage of a deployment, asked of a change of severity S4
 * without duration. Nothing is recorded, and nothing may be done on it.
 */
export async function askNow(context: AppContext, call: Call): Promise<NowAnswer> {
  const { policy, digest } = context.policy;
  return transact(
    context.db,
    async (tx) => {
      const frozen = (await whyNothingIsDone(context, tx))?.refusal.because ?? null;
      const stopped = frozen !== null;
      const environments: EnvironmentNow[] = [];
      let at = new Date(0).toISOString();
      for (const [name, { operational, monitoring }] of policy.environments) {
        const answers: EnvironmentNow['answers'] = [];
        for (const criticality of CRITICALITIES) {
          const { answer, askedAt } = await ask(tx, context, call, { environment: name, criticality });
          answers.push({ criticality, ...answer, allowed: answer.allowed && !stopped });
          at = askedAt;
        }
        const deployments: EnvironmentNow['deployments'] = [];
        for (const stage of STAGES) {
          const question = { environment: name, criticality: 'C4', deployment: stage } as const;
          const { answer } = await ask(tx, context, call, question);
          deployments.push({ stage, ...answer, allowed: answer.allowed && !stopped });
        }
        environments.push({ name, operational, monitoring: [...monitoring], answers, deployments });
      }
      return { at, policy: { name: policy.name, digest }, frozen, environments };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

interface Asked {
  readonly environment: string;
  readonly criticality: Criticality;
  readonly deployment?: Stage;
}

async function ask(tx: Transaction, context: AppContext, call: Call, asked: Asked) {
  const change = {
    deployment: null,
    ...asked,
    severity: 'S4',
    monthlyRelease: false,
    estimateMinutes: 0,
    rollbackMinutes: 0,
  } as const;
  const { document, facts } = await previewAsk(tx, context, call, { change, host: null });
  const answer = {
    allowed: document.allowed,
    verdicts: document.verdicts.filter(({ verdict }) => verdict !== 'pass'),
    nextOpening: document.nextOpening,
  };
  return { answer, askedAt: facts.at };
}
