import { Box } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { ERRORS } from '../../../src/contract/errors.ts';
import { Empty } from '../parts/empty.tsx';
import { Named } from '../parts/named.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Said } from '../parts/said.tsx';
import { isCode } from '../server/error-text.ts';
import { todoOf } from './todo.ts';

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
        <Empty title={`No error has the code \`${code}\`.`}>
          Whoever showed it may be of another version. <Link to="/">Now</Link>
        </Empty>
      </Page>
    );
  }
  const { text, status, exit } = ERRORS[code];
  return (
    <Page title={code} lead={text}>
      <Box mb="lg">
        <Named
          rows={[
            ['Answer of the API', `HTTP ${status}`],
            ['Exit status of a command', EXITS[exit]],
          ]}
        />
      </Box>
      <Section title="What to do">
        <p>
          <Said text={todoOf(code)} />
        </p>
        <p className="quiet">The message beside the code said what was expected and what was got.</p>
      </Section>
    </Page>
  );
}
