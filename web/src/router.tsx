import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Link } from '@tanstack/react-router';
import { partOf } from './change/parts.ts';
import { changesSearch } from './changes/search.ts';
import { calendarSearch } from './calendar/search.ts';
import { integrationsSearch } from './integrations/search.ts';
import { ledgerSearch } from './ledger/search.ts';
import { newChangeSearch } from './new-change/search.ts';
import { Empty, Waiting } from './parts/empty.tsx';
import { Page } from './parts/page.tsx';
import { Problem } from './parts/problem.tsx';
import { policySearch } from './policy/search.ts';
import { Frame } from './shell/frame.tsx';

// Every page is loaded when it is first gone to. A route here; the navigation's row is in `shell/pages.ts`.

const frame = createRootRoute({
  component: Frame,
  notFoundComponent: () => (
    <Page title="No such page">
      <Empty title="There is no page at this address.">
        The navigation has them all; what runs, waits and burns is on <Link to="/">Now</Link>.
      </Empty>
    </Page>
  ),
});

/** Where this document was loaded from: what it may load was said for that page. */
const loadedFrom = window.location.pathname;

/** Loads a page as a document of its own, where what draws it is allowed on that page alone (ADR 0114). */
function asDocument({
  pathname,
  href,
}: {
  readonly pathname: string;
  readonly href: string;
}): Promise<void> | undefined {
  if (pathname === loadedFrom) return undefined;
  window.location.assign(href);
  // Nothing more is drawn here.
  return new Promise(() => undefined);
}

const now = createRoute({
  getParentRoute: () => frame,
  path: '/',
  component: lazyRouteComponent(() => import('./now/now-page.tsx'), 'NowPage'),
});
const changes = createRoute({
  getParentRoute: () => frame,
  path: '/changes',
  validateSearch: changesSearch,
  component: lazyRouteComponent(() => import('./changes/changes-page.tsx'), 'ChangesPage'),
});
const change = createRoute({
  getParentRoute: () => frame,
  path: '/changes/$id',
  validateSearch: partOf,
  component: lazyRouteComponent(() => import('./change/change-page.tsx'), 'ChangePage'),
});
const newChange = createRoute({
  getParentRoute: () => frame,
  path: '/changes/new',
  validateSearch: newChangeSearch,
  component: lazyRouteComponent(() => import('./new-change/new-change-page.tsx'), 'NewChangePage'),
});
const plan = createRoute({
  getParentRoute: () => frame,
  path: '/changes/$id/plan',
  component: lazyRouteComponent(() => import('./change/plan-page.tsx'), 'PlanPage'),
});
const room = createRoute({
  getParentRoute: () => frame,
  path: '/changes/$id/room',
  component: lazyRouteComponent(() => import('./room/room-page.tsx'), 'RoomPage'),
});
const runs = createRoute({
  getParentRoute: () => frame,
  path: '/runs',
  component: lazyRouteComponent(() => import('./runs/runs-page.tsx'), 'RunsPage'),
});
const run = createRoute({
  getParentRoute: () => frame,
  path: '/runs/$run',
  beforeLoad: ({ location, preload }) => (preload ? undefined : asDocument(location)),
  component: lazyRouteComponent(() => import('./run/run-page.tsx'), 'RunPage'),
});
const handOff = createRoute({
  getParentRoute: () => frame,
  path: '/runs/$run/hand-off',
  component: lazyRouteComponent(() => import('./hand-off/hand-off-page.tsx'), 'HandOffPage'),
});
const calendar = createRoute({
  getParentRoute: () => frame,
  path: '/calendar',
  validateSearch: calendarSearch,
  component: lazyRouteComponent(() => import('./calendar/calendar-page.tsx'), 'CalendarPage'),
});
const locks = createRoute({
  getParentRoute: () => frame,
  path: '/locks',
  component: lazyRouteComponent(() => import('./locks/locks-page.tsx'), 'LocksPage'),
});
const newLock = createRoute({
  getParentRoute: () => frame,
  path: '/locks/new',
  validateSearch: (search: Record<string, unknown>): { edits?: string; atOnce?: true } => ({
    ...(typeof search['edits'] === 'string' && { edits: search['edits'] }),
    ...(search['atOnce'] === true && { atOnce: true }),
  }),
  component: lazyRouteComponent(() => import('./locks/new-lock-page.tsx'), 'NewLockPage'),
});
const lock = createRoute({
  getParentRoute: () => frame,
  path: '/locks/$id',
  component: lazyRouteComponent(() => import('./locks/lock-page.tsx'), 'LockPage'),
});
const incidents = createRoute({
  getParentRoute: () => frame,
  path: '/incidents',
  component: lazyRouteComponent(() => import('./incidents/incidents-page.tsx'), 'IncidentsPage'),
});
const incident = createRoute({
  getParentRoute: () => frame,
  path: '/incidents/$id',
  component: lazyRouteComponent(() => import('./incidents/incident-page.tsx'), 'IncidentPage'),
});
const silences = createRoute({
  getParentRoute: () => frame,
  path: '/silences',
  component: lazyRouteComponent(() => import('./silences/silences-page.tsx'), 'SilencesPage'),
});
const rotas = createRoute({
  getParentRoute: () => frame,
  path: '/rotas',
  component: lazyRouteComponent(() => import('./rotas/rotas-page.tsx'), 'RotasPage'),
});
const people = createRoute({
  getParentRoute: () => frame,
  path: '/people',
  component: lazyRouteComponent(() => import('./people/people-page.tsx'), 'PeoplePage'),
});
const person = createRoute({
  getParentRoute: () => frame,
  path: '/people/$name',
  component: lazyRouteComponent(() => import('./people/person-page.tsx'), 'PersonPage'),
});
const returned = createRoute({
  getParentRoute: () => frame,
  path: '/accounts/return/$connection',
  component: lazyRouteComponent(() => import('./people/return-page.tsx'), 'ReturnedPage'),
});
const bastions = createRoute({
  getParentRoute: () => frame,
  path: '/bastions',
  component: lazyRouteComponent(() => import('./bastions/bastions-page.tsx'), 'BastionsPage'),
});
const procedures = createRoute({
  getParentRoute: () => frame,
  path: '/procedures',
  component: lazyRouteComponent(() => import('./procedures/procedures-page.tsx'), 'ProceduresPage'),
});
const integrations = createRoute({
  getParentRoute: () => frame,
  path: '/integrations',
  validateSearch: integrationsSearch,
  component: lazyRouteComponent(() => import('./integrations/integrations-page.tsx'), 'IntegrationsPage'),
});
const ledger = createRoute({
  getParentRoute: () => frame,
  path: '/ledger',
  validateSearch: ledgerSearch,
  component: lazyRouteComponent(() => import('./ledger/ledger-page.tsx'), 'LedgerPage'),
});
const policy = createRoute({
  getParentRoute: () => frame,
  path: '/policy',
  validateSearch: policySearch,
  component: lazyRouteComponent(() => import('./policy/policy-page.tsx'), 'PolicyPage'),
});
const yours = createRoute({
  getParentRoute: () => frame,
  path: '/yours',
  component: lazyRouteComponent(() => import('./yours/yours-page.tsx'), 'YoursPage'),
});
const setup = createRoute({
  getParentRoute: () => frame,
  path: '/setup',
  component: lazyRouteComponent(() => import('./setup/setup-page.tsx'), 'SetupPage'),
});
const error = createRoute({
  getParentRoute: () => frame,
  path: '/errors/$code',
  component: lazyRouteComponent(() => import('./errors/error-page.tsx'), 'ErrorPage'),
});
const terminal = createRoute({
  getParentRoute: () => frame,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./sign-in/sign-in-pages.tsx'), 'TerminalPage'),
});
const back = createRoute({
  getParentRoute: () => frame,
  path: '/sign-in/return',
  component: lazyRouteComponent(() => import('./sign-in/sign-in-pages.tsx'), 'ReturnPage'),
});

export const router = createRouter({
  routeTree: frame.addChildren([
    now,
    calendar,
    changes,
    newChange,
    change,
    plan,
    room,
    runs,
    run,
    handOff,
    locks,
    newLock,
    lock,
    incidents,
    incident,
    silences,
    rotas,
    procedures,
    people,
    person,
    returned,
    bastions,
    integrations,
    ledger,
    policy,
    yours,
    setup,
    error,
    terminal,
    back,
  ]),
  defaultPreload: 'intent',
  defaultPendingMs: 200,
  defaultPendingComponent: () => <Waiting rows={6} />,
  defaultErrorComponent: ({ error: thrown }) => <Problem error={thrown} />,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
