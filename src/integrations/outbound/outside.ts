import type { Outside } from '../../app/ports/outside.ts';
import { retryAfterMs } from '../peer/retry-after.ts';
import { askOutside, outboundUrl } from './request.ts';

/** Whoever is told has so long to say that they have it. */
const TIMEOUT_MS = 10_000;
/** Of an answer only the status counts. */
const MAX_BYTES = 65_536;

/** Messages to addresses that people gave; `allowPrivate` lets them lead to private networks too. */
export function outsideOf({ allowPrivate }: { readonly allowPrivate: boolean }): Outside {
  return {
    whyNot: (url) => {
      try {
        outboundUrl(url, allowPrivate);
        return null;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    post: async (url, { headers, body }) => {
      const bytes = Buffer.from(body);
      const request = { url, method: 'POST', headers, body: bytes, allowPrivate } as const;
      const { status, headers: said } = await askOutside({
        ...request,
        timeoutMs: TIMEOUT_MS,
        maxBytes: MAX_BYTES,
      });
      return { status, retryAfterMs: retryAfterMs(said['retry-after'], Date.now()) };
    },
  };
}
