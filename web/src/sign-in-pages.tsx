import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SignedIn } from '../../src/contract/sign-in.ts';
import { api } from './api.ts';
import { goToProvider } from './provider.ts';

/** `/sign-in`: what `interlock login` has somebody open. Only a press goes on, so that an address from a stranger does nothing. */
export function TerminalPage() {
  const [problem, setProblem] = useState<string | null>(null);
  const asked = new URLSearchParams(location.search);
  const terminal = asked.get('terminal');
  const go = async () => {
    try {
      await goToProvider({ again: asked.get('again') === 'true', ...(terminal !== null && { terminal }) });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <section className="panel sign-in">
      <h1>Interlock</h1>
      {terminal !== null && (
        <p>
          A terminal asks to act as you. Go on only if you have just typed <code>interlock login</code>{' '}
          yourself; give the code to nobody.
        </p>
      )}
      {problem !== null && (
        <p className="notice" role="alert">
          {problem}
        </p>
      )}
      <p className="actions">
        <button type="button" onClick={() => void go()}>
          Go on
        </button>
      </p>
    </section>
  );
}

/** `/sign-in/return`: where the provider sends the browser back to. */
export function ReturnPage() {
  const [parameters] = useState(() => location.search.slice(1));
  const ended = useQuery({
    // A query and not an effect: what comes back may be sent once, however often this is drawn.
    queryKey: ['sign-in', parameters],
    queryFn: async () => {
      const body = JSON.stringify({ parameters });
      history.replaceState(null, '', '/sign-in/return');
      const signedIn = await api<SignedIn>('/sign-in/return', { method: 'POST', body });
      if (!('code' in signedIn)) location.replace('/');
      return signedIn;
    },
    retry: false,
    refetchInterval: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <section className="panel sign-in">
      <h1>Interlock</h1>
      {ended.isError && (
        <p className="notice" role="alert">
          {ended.error.message} <a href="/">Begin anew</a>
        </p>
      )}
      {ended.data && 'code' in ended.data && (
        <p>
          You are {ended.data.name}. Type this code into your terminal, within ten minutes:{' '}
          <strong>{ended.data.code}</strong>
        </p>
      )}
      {ended.isPending && <p className="quiet">Signing in…</p>}
    </section>
  );
}
