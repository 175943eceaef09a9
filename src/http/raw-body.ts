import type { Api } from './api.ts';

/** In this scope bodies stay bytes: who sends them is known before they are read, what they say is parsed afterwards. */
export function keepBodiesRaw(scope: Api, bodyLimit: number): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_, body, done) => done(null, body));
}

/** The bytes of a request in such a scope. */
export function bytesOf(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}
