import { z } from 'zod';
import { parseJsonPath } from '../kernel/verify/json-path.ts';
import { duration } from './duration.ts';

const host = z
  .string()
  .max(254)
  .regex(/^[A-Za-z0-9_:][A-Za-z0-9._:%-]*$/, { error: 'expected the name or the address of a host' });
const port = z.number().int().min(1).max(65_535);
const domain = z
  .string()
  .max(254)
  .regex(/^(?:\.|[A-Za-z0-9_*][A-Za-z0-9_*./-]*)$/, {
    error: 'expected a domain name, such as `shop.example`',
  });

export const httpMeasure = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }),
    measure: z.enum(['status', 'body', 'latencyMs', 'json']).default('status'),
    // Without a default, as every field that came later: a plan without it keeps the digest that it always had.
    path: z
      .string()
      .max(1_000)
      .refine((text) => parseJsonPath(text) !== null, {
        error: ({ input }) =>
          `expected a path to one value, such as \`$.status.phase\`, got \`${String(input)}\``,
      })
      .optional()
      .describe(
        'Of `json`: the place of one value, such as `$.items[0].phase` (a singular query of RFC 9535).',
      ),
    timeout: duration.prefault('10 s'),
  })
  .refine(({ measure, path }) => (measure === 'json') === (path !== undefined), {
    error: 'expected a `path` with `measure: json`, and with no other',
    path: ['path'],
  });
export type HttpMeasure = z.infer<typeof httpMeasure>;

export const tcpMeasure = z.strictObject({
  host: z.string().min(1),
  port,
  timeout: duration.prefault('5 s'),
});
export type TcpMeasure = z.infer<typeof tcpMeasure>;

export const tlsMeasure = z
  .strictObject({
    host,
    port: port.default(443),
    servername: domain.optional().describe('The name that is asked for, where it is not `host`.'),
    names: z.array(domain).default([]).describe('Names for which the certificate must hold, each of them.'),
    caFile: z
      .string()
      .regex(/^\//, { error: 'expected the absolute path of a file' })
      .optional()
      .describe('A file of the bastion with certificates that are trusted here beside the usual ones.'),
    timeout: duration.prefault('5 s'),
  })
  .describe('The value is the number of days until the first certificate of the chain ends.');
export type TlsMeasure = z.infer<typeof tlsMeasure>;

export const dnsMeasure = z.strictObject({
  name: domain,
  type: z.string().regex(/^[A-Z][A-Z0-9]*$/, { error: 'expected a type of record, such as `A` or `MX`' }),
  server: host.describe('The server that is asked: by name, or by address.'),
  port: port.default(53),
  measure: z
    .enum(['records', 'ttl'])
    .default('records')
    .describe('The records as one text, or the largest TTL among them in seconds.'),
  records: z
    .array(z.string().trim().min(1))
    .optional()
    .describe(
      'All records that there must be, as a zone file writes them; none with `[]`. Their order does not count.',
    ),
  timeout: duration.prefault('5 s'),
});
export type DnsMeasure = z.infer<typeof dnsMeasure>;

export const zoneMeasure = z
  .strictObject({
    zone: domain,
    server: host.describe('The server whose zone is right.'),
    port: port.default(53),
    against: host.describe('The server whose zone is compared with it.'),
    againstPort: port.default(53),
    ttl: z.boolean().default(false).describe('Whether the TTL counts.'),
    serial: z.enum(['same', 'any']).default('same').describe('Whether the serial of the SOA counts.'),
    except: z
      .array(
        z.string().regex(/^\S+\. [A-Z][A-Z0-9]*$/, {
          error: 'expected a full name with its dot and a type, such as `shop.example. NS`',
        }),
      )
      .default([])
      .describe('What may differ, by name and type; it is listed all the same.'),
    keyFile: z
      .string()
      .regex(/^\//, { error: 'expected the absolute path of a file' })
      .optional()
      .describe('A file of the bastion with the TSIG key that both servers ask for.'),
    timeout: duration.prefault('30 s'),
  })
  .describe('The value is the number of names and types that are not the same on both servers.');
export type ZoneMeasure = z.infer<typeof zoneMeasure>;
