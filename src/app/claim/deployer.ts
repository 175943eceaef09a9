import type { ProvenHost } from '../actor.ts';
import { refuse, type Refused } from '../outcome.ts';

/** What somebody wants to do, as far as the kind of a host decides. */
interface Work {
  readonly environment: string;
  readonly deployment?: string | null | undefined;
}

/**
 * Why a deployer may not do this: it is registered for the deployments of one environment, whatever the work consists of. The rule
 * `run-from-bastion` looks at executable steps alone, and a pipeline's work may have none.
 */
export function whyNoDeployer(host: ProvenHost, { environment, deployment }: Work): Refused | null {
  if (host.role !== 'deployer') return null;
  const { name } = host;
  if ((deployment ?? null) === null)
    return refuse('not_permitted', `expected a deployment, for \`${name}\` is a deployer; got none`);
  return host.environment === environment
    ? null
    : refuse(
        'not_permitted',
        `expected a host of \`${environment}\`, got \`${name}\` of \`${host.environment}\``,
      );
}
