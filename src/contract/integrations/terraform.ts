import { z } from 'zod';
import { askedQuestion } from './asked-kind.ts';
import { hookSecrets, peerAddress } from './secret.ts';

/** A run task of HCP Terraform or Terraform Enterprise, enforcement `mandatory`. What no rule names fails. */
export const terraformSettings = z
  .strictObject({
    address: peerAddress.default('https://app.terraform.io'),
    signing: hookSecrets.describe(
      'The HMAC key of the run task: one, or two while one takes over from the other.',
    ),
    rules: z
      .array(
        z.strictObject({
          organization: z.string().min(1).max(200),
          workspace: z.string().min(1).max(200).describe('By its name.'),
          stage: z.enum(['pre_plan', 'post_plan', 'pre_apply', 'post_apply']).default('pre_apply'),
          asks: askedQuestion,
        }),
      )
      .min(1)
      .max(1_000),
  })
  .describe('Runs of Terraform that wait for a yes.');
export type TerraformSettings = z.output<typeof terraformSettings>;
