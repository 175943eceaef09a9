import type { PreviewEdit } from '../../../src/contract/change-preview.ts';
import { Badge } from '../parts/badge.tsx';
import { Section } from '../parts/page.tsx';
import { Said } from '../parts/said.tsx';
import classes from './plan-editor.module.css';

/** What an edit would do to what was said: before it is saved, whose word it takes back. */
export function EditWords({ edit }: { readonly edit: PreviewEdit }) {
  const { changed, words, slotBack, refused } = edit;
  return (
    <Section title="What saving it does">
      {refused !== null && (
        <p className="notice stop">
          It would be refused: <Said text={refused} />
        </p>
      )}
      <p>
        {changed.length === 0
          ? 'Nothing material differs: every word stands.'
          : `It changes ${changed.join(', ')}.`}
      </p>
      {changed.length > 0 && words.length === 0 && (
        <p className="quiet">Nobody has said anything that counts.</p>
      )}
      {slotBack && (
        <p className="notice warn">The acceptance of its slot is taken back: it is asked for anew.</p>
      )}
      <ul className={classes['list']}>
        {words.map(({ person, what, stands, parts }) => (
          <li key={`${person} ${what}`}>
            <Badge tone={stands ? 'go' : 'stop'}>{stands ? 'stands' : 'void'}</Badge> {person}, {what}
            <p className="quiet">
              {stands ? 'it looks at' : 'it looks at what changes:'} {parts.join(', ')}
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
