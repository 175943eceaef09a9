import { beforeEach } from 'vitest';

beforeEach(async ({ task }) => {
  // Loaded only then: most files have no browser.
  if ((task.result?.retryCount ?? 0) > 0) await (await import('./browser.ts')).freshPages();
});
