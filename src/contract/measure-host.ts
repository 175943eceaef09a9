import { z } from 'zod';
import { duration } from './duration.ts';
import { exactlyOneOf } from './exactly-one.ts';

const argv = z
  .array(z.string())
  .min(1)
  .max(2_000)
  .describe('A program and its arguments; never a shell string.');
const file = z.string().regex(/^\//, { error: 'expected the absolute path of a file' });

export const commandMeasure = z.strictObject({
  argv,
  measure: z
    .enum(['status', 'stdout', 'number'])
    .default('status')
    .describe('`status` speaks the Nagios plugin protocol.'),
  timeout: duration.prefault('30 s'),
});
export type CommandMeasure = z.infer<typeof commandMeasure>;

export const countMeasure = z
  .strictObject({
    argv,
    of: z.enum(['number', 'lines']).default('number').describe('The number that it writes, or its lines.'),
    timeout: duration.prefault('30 s'),
  })
  .describe('A whole number from 0 on; it counts only where the command ends with 0.');
export type CountMeasure = z.infer<typeof countMeasure>;

export const fileMeasure = z.strictObject({
  path: file,
  measure: z
    .enum(['exists', 'content', 'sha256', 'bytes'])
    .default('exists')
    .describe('`content` is the text without the line breaks at its end.'),
});
export type FileMeasure = z.infer<typeof fileMeasure>;

export const processMeasure = z
  .strictObject({
    program: z
      .string()
      .regex(/^[^\s/]+$/, { error: 'expected the name of a program without its folder, such as `postgres`' }),
    arguments: z
      .array(z.string())
      .max(2_000)
      .default([])
      .describe('Arguments that it must have, each of them.'),
  })
  .describe('The value is the number of processes of this bastion that run the program.');
export type ProcessMeasure = z.infer<typeof processMeasure>;

export const portMeasure = z
  .strictObject({
    port: z.number().int().min(1).max(65_535),
    protocol: z.enum(['tcp', 'udp']).default('tcp'),
    address: z
      .union([z.ipv4(), z.ipv6()], { error: 'expected the address of an interface of this bastion' })
      .optional(),
  })
  .describe('Whether somebody listens on this port of the bastion.');
export type PortMeasure = z.infer<typeof portMeasure>;

const oneQuestion = exactlyOneOf(['query', 'reads']);
export const postgresMeasure = z
  .strictObject({
    urlFrom: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/, {
        error: 'expected the name of an environment variable, such as `SHOP_DATABASE_URL`',
      })
      .describe(
        'Environment variable of the bastion that holds the connection address. The address itself never stands in a plan.',
      ),
    query: z
      .string()
      .min(1)
      .max(20_000)
      .optional()
      .describe('One statement that answers one row with one column.'),
    reads: z
      .enum(['replica', 'lagSeconds'])
      .optional()
      .describe(
        'Instead of a query: whether it is a replica, or by how many seconds it lags behind its primary.',
      ),
    timeout: duration.prefault('10 s'),
  })
  .refine(oneQuestion.exactlyOne, oneQuestion.otherwise)
  .meta(oneQuestion.jsonSchema);
export type PostgresMeasure = z.infer<typeof postgresMeasure>;
