import { afterEach, beforeEach } from 'vitest';

let left = false;

beforeEach(async ({ task }) => {
  if (!left && (task.result?.retryCount ?? 0) === 0) return;
  left = false;
  // Loaded only then: most files have no browser.
  await (await import('./browser.ts')).freshPages();
});
// What a test that failed left open is in the way of the tests after it too.
afterEach(({ task }) => void (left ||= task.result?.state === 'fail'));
