import type { IconName } from '../parts/icons.tsx';

/** A page that the navigation leads to. */
export interface NavigationPage {
  readonly to: string;
  readonly name: string;
  readonly icon: IconName;
  /** After `g` it leads there. */
  readonly key: string;
  /** What the help of keys adds. */
  readonly hint?: string;
  /** Whether it stands in the bar at the foot of a phone's screen. */
  readonly onPhone?: boolean;
}

/** The navigation in its order. A page has its row here and its route in `router.tsx`. */
export const PAGES: readonly { readonly group: string; readonly pages: readonly NavigationPage[] }[] = [
  {
    group: 'Watch',
    pages: [
      { to: '/', name: 'Now', icon: 'now', key: 'n', onPhone: true },
      { to: '/runs', name: 'Runs', icon: 'runs', key: 'r', onPhone: true },
      { to: '/calendar', name: 'Calendar', icon: 'calendar', key: 'k' },
    ],
  },
  {
    group: 'Change',
    pages: [
      { to: '/changes', name: 'Changes', icon: 'changes', key: 'c', onPhone: true },
      {
        to: '/changes/new',
        name: 'New change',
        icon: 'add',
        key: 'w',
        hint: 'among the changes n alone does it',
      },
    ],
  },
  {
    group: 'Answer',
    pages: [
      { to: '/yours', name: 'For you', icon: 'bell', key: 'u' },
      { to: '/incidents', name: 'Incidents', icon: 'incidents', key: 'i' },
      { to: '/silences', name: 'Silences', icon: 'silences', key: 's' },
      { to: '/locks', name: 'Locks', icon: 'locks', key: 'l' },
      { to: '/rotas', name: 'Rotas', icon: 'rotas', key: 'o' },
    ],
  },
  {
    group: 'Keep',
    pages: [
      { to: '/procedures', name: 'Procedures', icon: 'procedures', key: 'd' },
      { to: '/people', name: 'People and tokens', icon: 'people', key: 'p' },
      { to: '/bastions', name: 'Bastions', icon: 'bastions', key: 'b' },
      { to: '/integrations', name: 'Integrations', icon: 'integrations', key: 'e' },
      { to: '/ledger', name: 'Ledger', icon: 'ledger', key: 'j' },
      { to: '/policy', name: 'Policy', icon: 'policy', key: 'y' },
    ],
  },
];
