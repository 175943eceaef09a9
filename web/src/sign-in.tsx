import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { SignInWays } from '../../src/contract/sign-in.ts';
import { api } from './api.ts';
import { goToProvider } from './provider.ts';

/** Signs in by an API token, or by account and password; the token itself is not kept in the browser. */
export function SignIn({ onSignedIn }: { readonly onSignedIn: () => Promise<void> }) {
  const [byToken, setByToken] = useState(true);
  const [problem, setProblem] = useState<string | null>(null);

  const ways = useQuery({
    queryKey: ['sign-in'],
    queryFn: () => api<SignInWays>('/sign-in'),
    refetchInterval: false,
  });

  const byProvider = async () => {
    try {
      await goToProvider({});
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const body = byToken
      ? { token: text(fields, 'token') }
      : { account: text(fields, 'account'), password: text(fields, 'password') };
    try {
      await api('/session', { method: 'POST', body: JSON.stringify(body) });
      await onSignedIn();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };

  return (
    <form className="panel sign-in" onSubmit={(event) => void submit(event)}>
      <h1>Interlock</h1>
      <p className="quiet">
        {byToken
          ? 'Sign in with an API token. The first administrator’s was shown when the server first started.'
          : 'Sign in with your account and its password.'}
      </p>
      {byToken ? (
        <>
          {/* For password managers: the token belongs to no account they would know. */}
          <input name="username" autoComplete="username" hidden readOnly value="token" />
          <Field name="token" label="Token" type="password" />
        </>
      ) : (
        <>
          <Field name="account" label="Account" type="text" />
          <Field name="password" label="Password" type="password" />
        </>
      )}
      {problem !== null && (
        <p className="notice" role="alert">
          {problem}
        </p>
      )}
      <p className="actions">
        <button type="submit">Sign in</button>{' '}
        {ways.data?.provider && (
          <button type="button" onClick={() => void byProvider()}>
            Sign in by {ways.data.provider.title}
          </button>
        )}{' '}
        <button type="button" className="plain" onClick={() => setByToken(!byToken)}>
          {byToken ? 'Use a password' : 'Use a token'}
        </button>
      </p>
    </form>
  );
}

function Field({
  name,
  label,
  type,
}: {
  readonly name: string;
  readonly label: string;
  readonly type: string;
}) {
  return (
    <>
      <label htmlFor={name}>{label}</label>
      <input
        id={name}
        name={name}
        type={type}
        required
        autoComplete={type === 'password' ? 'current-password' : 'username'}
      />
    </>
  );
}

function text(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
