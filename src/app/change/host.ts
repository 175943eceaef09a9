import type { Actor } from '../actor.ts';
import type { HostFacts } from '../facts.ts';

/** Where a call comes from, as its bastion's key proves; the multiplexer is what that bastion's runner says. */
export function hostFacts(actor: Actor, multiplexer: HostFacts['multiplexer']): HostFacts | null {
  return actor.host && { ...actor.host, multiplexer };
}
