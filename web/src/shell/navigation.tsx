import { Link } from '@tanstack/react-router';
import { Icon } from '../parts/icons.tsx';
import { PAGES } from './pages.ts';
import classes from './navigation.module.css';

/** Every page, in groups: at the side of a wide screen, in a drawer of a narrow one. */
export function Navigation({ onGone }: { readonly onGone?: () => void }) {
  return (
    <nav aria-label="Pages" className={classes['navigation']}>
      {PAGES.filter(({ pages }) => pages.length > 0).map(({ group, pages }) => (
        <div key={group}>
          <p className={classes['group']}>{group}</p>
          {pages.map(({ to, name, icon }) => (
            <Link
              key={to}
              to={to}
              activeOptions={{ exact: to === '/' }}
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
