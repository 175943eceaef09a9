import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { AccountLink } from '../../../src/contract/account-links.ts';
import { Waiting } from '../parts/empty.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { send } from '../server/api.ts';

/** Where a peer sends the browser back to, after a person said yes or no on its page. */
export function ReturnedPage() {
  const { connection } = useParams({ from: '/accounts/return/$connection' });
  const [parameters] = useState(() => location.search.slice(1));
  const linked = useQuery({
    // A query and not an effect: what comes back may be sent once, however often this is drawn.
    queryKey: ['account-return', parameters],
    queryFn: () => {
      history.replaceState(null, '', location.pathname);
      return send<AccountLink>('POST', '/account-links/return', { connection, parameters });
    },
    retry: false,
    refetchInterval: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Page title={`Your account at ${connection}`} tab={connection}>
      {linked.isPending && <Waiting rows={2} />}
      {linked.isError && (
        <>
          <Problem error={linked.error} />
          <p>
            Nothing was linked. Begin anew on your page under <Link to="/people">People</Link>.
          </p>
        </>
      )}
      {linked.data && (
        <p>
          {linked.data.shownAs} at {connection} speaks for you from now on, and your approvals can be posted
          there by a press here.{' '}
          <Link to="/people/$name" params={{ name: linked.data.person }}>
            Your accounts
          </Link>
        </p>
      )}
    </Page>
  );
}
