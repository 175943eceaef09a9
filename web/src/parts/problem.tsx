import { Link } from '@tanstack/react-router';
import { errorText } from '../server/error-text.ts';
import { Said } from './said.tsx';
import { begun, sentence } from './sentence.ts';

/** Why something cannot be shown or done, in the server's words, with the way to what its code means. */
export function Problem({ error }: { readonly error: unknown }) {
  const { title, text, code } = errorText(error);
  return (
    <div className="notice stop" role="alert">
      {text === title ? null : <strong>{title} </strong>}
      <Said text={sentence(begun(text))} />{' '}
      {code !== null && code !== 'unknown' && (
        <Link to="/errors/$code" params={{ code }}>
          What this means
        </Link>
      )}
    </div>
  );
}
