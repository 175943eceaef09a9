import type { PlanWords } from '../../contract/plan-sources.ts';
import { namesOfLibrary } from '../../documents/library.ts';
import { RULES } from '../../kernel/policy/rule.ts';
import { listPeople } from '../../store/people.ts';
import { proceduresUsed, servicesTouched, targetsTouched } from '../../store/plan-words.ts';
import type { AppContext } from '../context.ts';

/** What a plan may name, as far as this server knows it. */
export async function readPlanWords({ db, policy: { policy } }: AppContext): Promise<PlanWords> {
  const people = await listPeople(db);
  const used = (await proceduresUsed(db, null)).map(({ procedure }) => procedure);
  return {
    environments: [...policy.environments.keys()],
    topics: Object.fromEntries(policy.topics),
    downtime: policy.downtime,
    exceptions: RULES.filter((rule) => policy.rules[rule].exception),
    services: await servicesTouched(db),
    targets: await targetsTouched(db),
    people: people
      .filter(({ kind, disabled_at }) => kind === 'person' && disabled_at === null)
      .map(({ name }) => name),
    procedures: [...new Set([...(await namesOfLibrary()), ...used])].toSorted(),
  };
}
