import { AppError } from '../contract/errors.ts';
import { secondKeyIn } from '../kernel/json/second-key.ts';
import type { Api } from './api.ts';

/**
 * Reads bodies of JSON. A key that stands twice in one object is refused: of two readers one takes the first and one the last, so
 * that what was looked at is not what is done. So are `__proto__` and `constructor.prototype`, and bytes that are no UTF-8, which would
 * be read as something that nobody sent.
 */
export function installJsonBodies(app: Api): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  // The framework's own would hand plain text on as if it were a body, to be found invalid later: it is of another type, as any other.
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const text = textOf(body);
    if (text === null) return done(new AppError('invalid', 'expected a body of UTF-8'));
    void parse(request, text, (error, value) => {
      const twice = error ? null : secondKeyIn(text);
      if (twice === null) return done(error, value);
      done(new AppError('invalid', `expected every key once, got \`${twice.slice(0, 100)}\` a second time`));
    });
  });
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function textOf(body: string | Buffer): string | null {
  if (typeof body === 'string') return body;
  try {
    return UTF8.decode(body);
  } catch {
    return null;
  }
}
