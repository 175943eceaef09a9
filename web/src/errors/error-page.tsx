import { useParams } from '@tanstack/react-router';
import { ERRORS } from '../../../src/contract/errors.ts';
import { Empty } from '../parts/empty.tsx';
import { Page } from '../parts/page.tsx';
import { isCode } from '../server/error-text.ts';

const EXITS: Readonly<Record<0 | 1 | 2 | 3, string>> = {
  0: '0, done or allowed',
  1: '1, failed',
  2: '2, refused by policy',
  3: '3, invalid input',
};

/** `/errors/$code`: what a code of an error means; its addresses stand beside every error that is shown. */
export function ErrorPage() {
  const { code } = useParams({ from: '/errors/$code' });
  if (!isCode(code)) {
    return (
      <Page title="An unknown code">
        <Empty title={`No error has the code \`${code}\`.`} />
      </Page>
    );
  }
  const { text, status, exit } = ERRORS[code];
  return (
    <Page title={code} lead={text}>
      <dl className="panel padded rows">
        <div>
          <dt>Answer of the API</dt>
          <dd>HTTP {status}</dd>
        </div>
        <div>
          <dt>Exit status of a command</dt>
          <dd>{EXITS[exit]}</dd>
        </div>
      </dl>
      <p className="quiet">
        The message beside the code said what was expected and what was got. All codes with what to do about
        each are in <code>docs/errors.md</code>.
      </p>
    </Page>
  );
}
