import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SignedIn } from '../../../src/contract/sign-in.ts';
import { Problem } from '../parts/problem.tsx';
import { send } from '../server/api.ts';
import { goToProvider } from './provider.ts';
import { SignInFrame } from './sign-in-frame.tsx';

/** `/sign-in`: what `interlock login` has somebody open. Only a press goes on, so that an address from a stranger does nothing. */
export function TerminalPage() {
  const [problem, setProblem] = useState<unknown>(null);
  const asked = new URLSearchParams(location.search);
  const terminal = asked.get('terminal');
  const go = async () => {
    try {
      await goToProvider({ again: asked.get('again') === 'true', ...(terminal !== null && { terminal }) });
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <SignInFrame>
      {terminal !== null && (
        <p>
          A terminal asks to act as you. Go on only if you have just typed <code>interlock login</code>{' '}
          yourself; give the code to nobody.
        </p>
      )}
      {problem !== null && <Problem error={problem} />}
      <Button mt="sm" size="md" onClick={() => void go()}>
        Go on
      </Button>
    </SignInFrame>
  );
}

/** `/sign-in/return`: where the provider sends the browser back to. */
export function ReturnPage() {
  const [parameters] = useState(() => location.search.slice(1));
  const ended = useQuery({
    // A query and not an effect: what comes back may be sent once, however often this is drawn.
    queryKey: ['sign-in', parameters],
    queryFn: async () => {
      history.replaceState(null, '', '/sign-in/return');
      const signedIn = await send<SignedIn>('POST', '/sign-in/return', { parameters });
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
    <SignInFrame>
      {ended.isError && (
        <>
          <Problem error={ended.error} />
          <a href="/">Begin anew</a>
        </>
      )}
      {ended.data && 'code' in ended.data && (
        <p>
          You are {ended.data.name}. Type this code into your terminal, within ten minutes:{' '}
          <strong>{ended.data.code}</strong>
        </p>
      )}
      {ended.isPending && <p className="quiet">Signing in…</p>}
    </SignInFrame>
  );
}
