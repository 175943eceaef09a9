import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import type { SignInWays } from '../../../src/contract/sign-in.ts';
import { api, send } from '../server/api.ts';
import { Problem } from '../parts/problem.tsx';
import { goToProvider } from './provider.ts';
import { SignInFrame } from './sign-in-frame.tsx';

/** Signs in by an API token, or by account and password; the token itself is not kept in the browser. */
export function SignIn({ onSignedIn }: { readonly onSignedIn: () => Promise<void> }) {
  const [byToken, setByToken] = useState(true);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = 'Sign in · Interlock';
  }, []);
  const ways = useQuery({
    queryKey: ['sign-in'],
    queryFn: () => api<SignInWays>('/sign-in'),
    refetchInterval: false,
  });
  const attempt = async (doing: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(null);
    try {
      await doing();
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const body = byToken
      ? { token: text(fields, 'token') }
      : { account: text(fields, 'account'), password: text(fields, 'password') };
    void attempt(async () => {
      await send('POST', '/session', body);
      await onSignedIn();
    });
  };
  const provider = ways.data?.provider;
  return (
    <SignInFrame>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <p className="quiet">
            {byToken
              ? 'Sign in with an API token. The first administrator’s was shown when the server first started.'
              : 'Sign in with your account and its password.'}
          </p>
          {byToken ? <TokenField /> : <PasswordFields />}
          {problem !== null && <Problem error={problem} />}
          <Button type="submit" size="md" loading={busy}>
            Sign in
          </Button>
          {provider && (
            <Button variant="default" size="md" onClick={() => void attempt(() => goToProvider({}))}>
              Sign in by {provider.title}
            </Button>
          )}
          <Button variant="subtle" onClick={() => setByToken(!byToken)}>
            {byToken ? 'Use a password' : 'Use a token'}
          </Button>
        </Stack>
      </form>
    </SignInFrame>
  );
}

function TokenField() {
  return (
    <>
      {/* For password managers: the token belongs to no account they would know. */}
      <input name="username" autoComplete="username" hidden readOnly value="token" />
      <PasswordInput name="token" label="Token" autoComplete="current-password" size="md" required />
    </>
  );
}

function PasswordFields() {
  return (
    <>
      <TextInput name="account" label="Account" autoComplete="username" size="md" required />
      <PasswordInput name="password" label="Password" autoComplete="current-password" size="md" required />
    </>
  );
}

function text(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
