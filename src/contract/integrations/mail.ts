import { z } from 'zod';
import { secretReference } from './secret.ts';

export const mailAddress = z
  .string()
  .max(320)
  .regex(/^[^\s<>@,;:"]+@[^\s<>@,;:"]+$/, { error: 'expected an address such as `changes@example.com`' });

/** Mail, handed to a server by SMTP. */
export const mailSettings = z
  .strictObject({
    host: z.string().min(1).max(255).describe('The server that takes mail.'),
    port: z.int().min(1).max(65_535).default(587),
    security: z
      .enum(['starttls', 'tls', 'none'])
      .default('starttls')
      .describe(
        '`starttls`: nothing is sent before TLS; `tls`: from the first byte; `none`: for a server on this host.',
      ),
    user: z.string().min(1).optional().describe('Who signs in there; nobody, if absent.'),
    password: secretReference.optional(),
    from: mailAddress.describe('Whom mail comes from.'),
    replyTo: mailAddress.optional(),
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    path: ['password'],
    error: 'expected `user` and `password` together, got one of them',
  })
  .refine(({ security, password }) => security !== 'none' || password === undefined, {
    path: ['security'],
    error: 'expected `starttls` or `tls` where a password is sent, got `none`',
  })
  .describe('Mail, by SMTP.');
export type MailSettings = z.output<typeof mailSettings>;
