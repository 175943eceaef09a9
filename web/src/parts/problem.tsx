import { Link } from '@tanstack/react-router';
import { errorText } from '../server/error-text.ts';
import { Said } from './said.tsx';
import { sentence } from './sentence.ts';

/** Why something cannot be shown or done, in the server's words, with the way to what its code means. */
export function Problem({ error }: { readonly error: unknown }) {
  const { title, text, code } = errorText(error);
  // Nearly every message begins with this word; what else may come first is the name of something, and stays as it is.
  const begun = text.replace(/^expected /, 'Expected ');
  return (
    <div className="notice stop" role="alert">
      {text === title ? null : <strong>{title} </strong>}
      <Said text={sentence(begun)} />{' '}
      {code !== null && code !== 'unknown' && (
        <Link to="/errors/$code" params={{ code }}>
          What this means
        </Link>
      )}
    </div>
  );
}
