import { z } from 'zod';
import { accountName } from '../people.ts';
import { askedKind } from './asked-kind.ts';

const word = z.string().min(1).max(253);

const rule = z
  .strictObject({
    namespaces: z
      .array(word)
      .min(1)
      .max(100)
      .describe('Each by its name. What has none is of the namespace `-`.'),
    resources: z
      .array(z.string().regex(/^[a-z0-9-]+(\.[a-z0-9.-]+)?(\/[a-z]+)?$/))
      .min(1)
      .max(100)
      .describe('By plural, group and part: `deployments.apps`, `deployments.apps/scale`, `configmaps`.'),
    operations: z
      .array(z.enum(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']))
      .min(1)
      .default(['CREATE', 'UPDATE', 'DELETE']),
    environment: word.describe('The environment of the policy that these are of.'),
    metadataAlone: z
      .enum(['asked', 'allowed'])
      .default('asked')
      .describe('An update that changes nothing but `metadata` and `status`.'),
    ask: askedKind
      .optional()
      .describe('What the gate is asked; if absent, only what works under a claim is let in.'),
    under: z
      .record(word, accountName)
      .default({})
      .describe(
        'By user of the cluster, the account whose running claim it works under, named by the annotation.',
      ),
  })
  .refine(({ ask, under }) => ask !== undefined || Object.keys(under).length > 0, {
    path: ['ask'],
    error: 'expected `ask` or `under`, got neither: such a rule lets nothing in',
  });
export type KubernetesRule = z.output<typeof rule>;

/** What a cluster asks before it takes something: the first rule that fits says what that is. What fits none is refused. */
export const kubernetesSettings = z
  .strictObject({ rules: z.array(rule).min(1).max(1_000) })
  .describe('A validating webhook of Kubernetes.');
export type KubernetesSettings = z.output<typeof kubernetesSettings>;
