import type { BegunFlow, WantedFlow } from '../../../src/contract/sign-in.ts';
import { api } from '../server/api.ts';

/** Sends the browser to the identity provider; it comes back to `/sign-in/return`. */
export async function goToProvider(wanted: WantedFlow): Promise<void> {
  const { url } = await api<BegunFlow>('/sign-in/flows', { method: 'POST', body: JSON.stringify(wanted) });
  location.assign(url);
}
