import { Badge } from '../parts/badge.tsx';
import { Section } from '../parts/page.tsx';
import { Said } from '../parts/said.tsx';
import type { Mark } from './marks.ts';
import classes from './plan-editor.module.css';

interface MarkListProps {
  readonly marks: readonly Mark[];
  /** The file that is in the editor; of others the name is said. */
  readonly file: string;
  readonly onGo: (mark: Mark) => void;
}

const MOST = 100;

/** Everything that is marked, each with the way to its line. */
export function MarkList({ marks, file, onGo }: MarkListProps) {
  const errors = marks.filter(({ level }) => level === 'error').length;
  const title =
    marks.length === 0
      ? 'Marks'
      : `Marks (${counted(errors, 'error')}, ${counted(marks.length - errors, 'warning')})`;
  return (
    <Section title={title}>
      {marks.length === 0 ? (
        <p className="quiet">Nothing is marked.</p>
      ) : (
        <ul className={classes['marks']}>
          {marks.slice(0, MOST).map((mark, index) => (
            // Two of the same words may stand at one place.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={`${mark.line}:${mark.column} ${mark.message} ${index}`}>
              <OneMark mark={mark} file={file} onGo={onGo} />
            </li>
          ))}
          {marks.length > MOST && <li className="quiet">And {marks.length - MOST} more.</li>}
        </ul>
      )}
    </Section>
  );
}

function OneMark({ mark, file, onGo }: { readonly mark: Mark } & Pick<MarkListProps, 'file' | 'onGo'>) {
  const { level, rule, line, column, message, fix } = mark;
  const place = `line ${line}:${column}`;
  return (
    <>
      <Badge tone={level === 'error' ? 'stop' : 'warn'}>{level}</Badge>{' '}
      {mark.file === file ? (
        <button type="button" className={classes['place']} onClick={() => onGo(mark)}>
          {place}
        </button>
      ) : (
        <span>
          {mark.file}, {place}
        </span>
      )}{' '}
      {rule !== null && <code>{rule}</code>} <Said text={message} />{' '}
      {fix !== null && (
        <span className="quiet">
          <Said text={fix} />
        </span>
      )}
    </>
  );
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
