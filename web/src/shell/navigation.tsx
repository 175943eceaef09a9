import { Link, useLocation } from '@tanstack/react-router';
import { Icon } from '../parts/icons.tsx';
import { PAGES } from './pages.ts';
import classes from './navigation.module.css';

/** Every page, in groups: at the side of a wide screen, in a drawer of a narrow one. */
export function Navigation({ onGone }: { readonly onGone?: () => void }) {
  const here = useLocation({ select: ({ pathname }) => pathname });
  return (
    <nav aria-label="Pages" className={classes['navigation']}>
      {PAGES.filter(({ pages }) => pages.length > 0).map(({ group, pages }) => (
        <div key={group}>
          <p className={classes['group']}>{group}</p>
          {pages.map(({ to, name, icon }) => (
            <Link
              key={to}
              to={to}
              activeOptions={{ exact: to === '/' || hasOwnRow(here, to) }}
              className={classes['link'] ?? ''}
              {...(onGone && { onClick: onGone })}
            >
              <Icon name={icon} />
              {name}
            </Link>
          ))}
        </div>
      ))}
    </nav>
  );
}

/** Whether a page beneath one is shown that has a row of its own: then the upper one is not where we are. */
function hasOwnRow(here: string, beneath: string): boolean {
  return PAGES.some(({ pages }) => pages.some(({ to }) => to === here && to.startsWith(`${beneath}/`)));
}

/** The bar at the foot of a phone's screen: what is wanted at three in the morning, and the way to the rest. */
export function PhoneBar({ onMenu }: { readonly onMenu: () => void }) {
  return (
    <nav aria-label="Main pages" className={classes['phone']} data-print="hide">
      {PAGES.flatMap(({ pages }) => pages)
        .filter(({ onPhone }) => onPhone)
        .map(({ to, name, icon }) => (
          <Link key={to} to={to} activeOptions={{ exact: to === '/' }} className={classes['tab'] ?? ''}>
            <Icon name={icon} />
            {name}
          </Link>
        ))}
      <button type="button" className={classes['tab']} onClick={onMenu}>
        <Icon name="menu" />
        All pages
      </button>
    </nav>
  );
}
