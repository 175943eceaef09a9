import type { Actor } from '../actor.ts';
import type { HostFacts } from '../facts.ts';

/** Where a call comes from, as its bastion's key proves; the multiplexer is what that bastion's runner says. */
export function hostFacts(actor: Actor, multiplexer: HostFacts['multiplexer']): HostFacts | null {
  if (actor.host === null) return null;
  const { name, role, environment } = actor.host;
  return { name, role, environment, multiplexer };
}
