import { z } from 'zod';

/** What a server needs before its first change, in the order in which somebody goes about it. */
export const SETUP_STEPS = [
  'policy',
  'environments',
  'error-budgets',
  'people',
  'rota',
  'monitoring',
  'bastions',
  'integrations',
  'first-change',
] as const;
export type SetupStep = (typeof SETUP_STEPS)[number];

/** How far a server is set up: computed when it is asked, never ticked off. */
export const setup = z
  .strictObject({
    done: z.boolean().describe('Nothing is missing.'),
    steps: z.array(
      z.strictObject({
        step: z.enum(SETUP_STEPS),
        title: z.string(),
        done: z.boolean(),
        text: z.string().describe('What is there; where it is not done, what is missing.'),
        how: z.string().describe('The command that does it.'),
      }),
    ),
  })
  .meta({ id: 'Setup' });
export type Setup = z.infer<typeof setup>;
