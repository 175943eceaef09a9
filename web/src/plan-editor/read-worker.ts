import { inBrowser } from '../ledger/in-browser.ts';
import { readHere, type ReadHere, type Written } from './read-here.ts';

// The beginning of a worker: reading a large plan takes as long as it takes, and nobody's keys wait for it.

addEventListener('message', ({ data }: MessageEvent<Written>) => {
  void answer(data).then((read) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it goes to the page that began this worker
    (globalThis as unknown as { postMessage: (message: ReadHere) => void }).postMessage(read);
  });
});

async function answer(written: Written): Promise<ReadHere> {
  // Over plain HTTP a browser has no SHA-256.
  if (globalThis.crypto?.subtle === undefined) return readHere(null, written);
  return inBrowser((platform) => readHere(platform, written));
}
