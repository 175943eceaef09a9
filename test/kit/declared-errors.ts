import type { ErrorCode } from '../../src/contract/errors.ts';
import { errorsOf } from '../../src/http/operation-errors.ts';
import type { DeclaredRoute } from '../../src/http/api.ts';

/** Looks at every answer of a test's server: a refusal has a code that the description of its operation names. */
export function undeclaredErrors(routes: readonly DeclaredRoute[]) {
  // What is written out is a better match than a parameter.
  const patterns = routes
    .map((route) => ({ route, pattern: patternOf(route.url) }))
    .toSorted((a, b) => parametersOf(a.route.url) - parametersOf(b.route.url));
  return (method: string, path: string, code: unknown): string | null => {
    if (typeof code !== 'string') return null;
    const bare = path.split('?')[0] ?? '';
    const found = patterns.find(({ route, pattern }) => route.method === method && pattern.test(bare));
    if (!found || errorsOf(found.route, true).includes(code as ErrorCode)) return null;
    return `${method} ${found.route.url} answered \`${code}\`, which its description does not name`;
  };
}

const patternOf = (url: string) =>
  new RegExp(
    `^${url
      .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll(/:\w+/g, '[^/]+')
      .replace('*', '.*')}$`,
  );

const parametersOf = (url: string) => url.split(/[:*]/).length;
