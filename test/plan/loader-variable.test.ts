import { expect, test } from 'vitest';
import { isLoaderVariable } from '../../src/plan/loader-variable.ts';
import { cleanEnvironment } from '../../src/runner/environment.ts';

const NAMES =
  'LD_PRELOAD LD_LIBRARY_PATH PATH NODE_OPTIONS PYTHONPATH PERL5OPT RUBYOPT BASH_ENV ENV IFS GIT_SSH_COMMAND ' +
  'SHOP_DATABASE_URL PGHOST HTTP_PATH ENVIRONMENT TZ';

test.each(NAMES.split(' '))('the linter and the runner say the same of %s', (name) => {
  const runs = cleanEnvironment({ env: {}, passEnv: [name] }, { [name]: 'x' }).ok;
  expect(isLoaderVariable(name)).toBe(!runs);
});
