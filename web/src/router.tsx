import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { ChangePage } from './change-page.tsx';
import { ChangesPage } from './changes-page.tsx';
import { Frame } from './frame.tsx';
import { NowPage } from './now-page.tsx';
import { ReturnPage, TerminalPage } from './sign-in-pages.tsx';

const frame = createRootRoute({
  component: Frame,
  notFoundComponent: () => <p>There is no page at this address.</p>,
});
const now = createRoute({ getParentRoute: () => frame, path: '/', component: NowPage });
const changes = createRoute({ getParentRoute: () => frame, path: '/changes', component: ChangesPage });
const change = createRoute({
  getParentRoute: () => frame,
  path: '/changes/$id',
  component: function ChangeRoute() {
    return <ChangePage id={change.useParams().id} />;
  },
});

const terminal = createRoute({ getParentRoute: () => frame, path: '/sign-in', component: TerminalPage });
const back = createRoute({ getParentRoute: () => frame, path: '/sign-in/return', component: ReturnPage });

export const router = createRouter({ routeTree: frame.addChildren([now, changes, change, terminal, back]) });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
