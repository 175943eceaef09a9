import { z } from 'zod';
import { peerAddress, secretReference } from './secret.ts';

/** Marks of changes in Grafana's graphs. */
export const grafanaSettings = z
  .strictObject({
    url: peerAddress,
    token: secretReference.describe(
      'Of a service account that may write annotations (`annotations:create`).',
    ),
  })
  .describe('Marks of changes in the graphs of Grafana.');
export type GrafanaSettings = z.output<typeof grafanaSettings>;
