import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import type { Me } from '../../src/contract/sessions.ts';
import { api, ApiError } from './api.ts';
import { SignIn } from './sign-in.tsx';

/** How often the page asks who is signed in; not at all while nobody is. */
const REFRESH_MS = 30_000;

/** The bar on top of every page, and the sign-in instead of a page where nobody is signed in. */
export function Frame() {
  const queries = useQueryClient();
  const signingIn = useLocation({ select: ({ pathname }) => pathname.startsWith('/sign-in') });
  const me = useQuery({
    queryKey: ['me'],
    queryFn: () => api<Me>('/me'),
    refetchInterval: ({ state }) => (state.error ? false : REFRESH_MS),
  });
  if (signingIn) return <Outlet />;
  if (me.error instanceof ApiError && me.error.status === 401) {
    return <SignIn onSignedIn={() => queries.invalidateQueries()} />;
  }
  const signOut = async () => {
    await api('/session', { method: 'DELETE' });
    await queries.resetQueries();
  };
  return (
    <div className="frame">
      <header className="bar">
        <Link to="/" className="name">
          Interlock
        </Link>
        <nav aria-label="Pages">
          <Link to="/">Now</Link>
          <Link to="/changes">Changes</Link>
        </nav>
        {me.data && (
          <span className="quiet">
            {me.data.name}
            {me.data.onDuty.length > 0 && `, ${me.data.onDuty.join(' and ').toUpperCase()} on duty`}
          </span>
        )}
        <button type="button" className="plain" onClick={() => void signOut()}>
          Sign out
        </button>
      </header>
      <main>{me.isError ? <Problem error={me.error} /> : me.data && <Outlet />}</main>
    </div>
  );
}

/** Says in the server's words why something cannot be shown. */
export function Problem({ error }: { readonly error: Error }) {
  const text =
    error instanceof ApiError ? error.message : 'The server does not answer. The page asks again by itself.';
  return (
    <p className="notice" role="alert">
      {text}
    </p>
  );
}
