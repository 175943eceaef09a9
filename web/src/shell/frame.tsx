import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { Problem } from '../parts/problem.tsx';
import { ApiError } from '../server/api.ts';
import { followStream } from '../server/live.ts';
import { askMe } from '../server/questions.ts';
import { SignIn } from '../sign-in/sign-in.tsx';
import { Account } from './account.tsx';
import { ConnectionStrip } from './connection-strip.tsx';
import { Navigation, PhoneBar } from './navigation.tsx';
import { ShortcutHelp } from './shortcut-help.tsx';
import { useNavigationKeys } from './navigation-keys.ts';
import { Strip } from './strip.tsx';
import classes from './frame.module.css';

/** What is around every page; the sign-in instead of a page where nobody is signed in. */
export function Frame() {
  const queries = useQueryClient();
  const signingIn = useLocation({ select: ({ pathname }) => pathname.startsWith('/sign-in') });
  const me = useQuery({ ...askMe, enabled: !signingIn });
  if (signingIn) return <Outlet />;
  if (me.error instanceof ApiError && me.error.status === 401) {
    return <SignIn onSignedIn={() => queries.resetQueries()} />;
  }
  if (me.data === undefined) {
    return <main className={classes['alone']}>{me.isError && <Problem error={me.error} />}</main>;
  }
  return <Signed />;
}

/** The same for who is signed in: only then there is a stream to follow. */
function Signed() {
  const queries = useQueryClient();
  const [menu, setMenu] = useState(false);
  const [help, setHelp] = useState(false);
  useEffect(() => followStream(queries), [queries]);
  useNavigationKeys(() => setHelp(true));
  return (
    <div className={classes['frame']}>
      <header className={classes['bar']} data-print="hide">
        <a href="#page" className={classes['skip']}>
          To the page
        </a>
        <Link to="/" className={classes['name'] ?? ''}>
          <img src="/signal.svg" alt="" width="20" height="20" />
          Interlock
        </Link>
        <Account onHelp={() => setHelp(true)} />
      </header>
      <aside className={classes['side']} data-print="hide">
        <Navigation />
      </aside>
      <div className={classes['content']}>
        <ConnectionStrip />
        <Strip />
        <main id="page" tabIndex={-1} className={classes['main']}>
          <Outlet />
        </main>
      </div>
      <PhoneBar onMenu={() => setMenu(true)} />
      {menu && (
        <Dialog title="Pages" place="side" onClose={() => setMenu(false)}>
          <Navigation onGone={() => setMenu(false)} />
        </Dialog>
      )}
      {help && <ShortcutHelp onClose={() => setHelp(false)} />}
    </div>
  );
}
