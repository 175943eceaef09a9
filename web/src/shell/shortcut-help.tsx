import { Dialog } from '../parts/dialog.tsx';
import { pageShortcuts } from '../parts/shortcut.ts';
import { PAGES } from './pages.ts';
import classes from './shortcut-help.module.css';

/** Every key that does something here. */
export function ShortcutHelp({ onClose }: { readonly onClose: () => void }) {
  const here = pageShortcuts();
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl className={classes['keys']}>
        {here.map(({ key, says }) => (
          <Row key={key} keys={[key]} says={`${says}, on this page`} />
        ))}
        {PAGES.flatMap(({ pages }) => pages).map(({ key, name, hint }) => (
          <Row key={name} keys={['g', key]} says={`Go to ${name}${hint === undefined ? '' : `; ${hint}`}`} />
        ))}
        <Row keys={['?']} says="Show this" />
        <Row keys={['Esc']} says="Close what is open" />
      </dl>
      <button type="button" className={classes['close']} onClick={onClose}>
        Close
      </button>
    </Dialog>
  );
}

function Row({ keys, says }: { readonly keys: readonly string[]; readonly says: string }) {
  return (
    <div className={classes['row']}>
      <dt>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{says}</dd>
    </div>
  );
}
