import { createHash } from 'node:crypto';
import { createTransport, type SMTPTransportOptions } from 'nodemailer';
import type { Connection, MailMessage, Taken } from '../../app/ports/connection.ts';
import type { MailSettings } from '../../contract/integrations/mail.ts';
import type { Secret } from '../peer/secret.ts';

/** Below the time that an attempt may last. */
const TIMEOUT_MS = 9_000;

/** Mail through a server that takes it by SMTP. */
export function mailConnection(settings: MailSettings, password: Secret | null): Connection {
  const peer = `${settings.host}:${settings.port}`;
  return {
    name: 'mail',
    peer,
    offers: { mail: { send: (message, signal) => send(settings, password, message, signal) } },
    hears: null,
    test: (signal) =>
      withTransport(settings, password, signal, async (transport) => {
        await transport.verify();
        return {
          kind: 'taken',
          receipt: `${peer} takes mail${settings.user === undefined ? '' : ` of ${settings.user}`}`,
        };
      }),
  };
}

function send(
  settings: MailSettings,
  password: Secret | null,
  { id, to, subject, text }: MailMessage,
  signal: AbortSignal,
): Promise<Taken> {
  // The same in every attempt: a program that sorts mail shows what came twice once.
  const [, domain = 'interlock'] = settings.from.split('@');
  const messageId = `<${createHash('sha256').update(id).digest('hex').slice(0, 40)}@${domain}>`;
  return withTransport(settings, password, signal, async (transport) => {
    const { accepted, rejected } = await transport.sendMail({
      from: settings.from,
      ...(settings.replyTo !== undefined && { replyTo: settings.replyTo }),
      to: [...to],
      subject,
      text,
      messageId,
      // Whoever is away need not say so to a program.
      headers: { 'auto-submitted': 'auto-generated' },
      signal,
    });
    if (accepted.length === 0)
      return {
        kind: 'refused',
        because: `expected a server that takes it for ${to.length}, got one that takes it for none`,
      };
    const left = rejected.length === 0 ? '' : `, not for ${rejected.length} of ${to.length}`;
    return { kind: 'taken', receipt: `${messageId}${left}` };
  });
}

type Transport = ReturnType<typeof transportOf>;

/** A connection an attempt: what hangs is closed with it. */
async function withTransport(
  settings: MailSettings,
  password: Secret | null,
  signal: AbortSignal,
  work: (transport: Transport) => Promise<Taken>,
): Promise<Taken> {
  const transport = transportOf(settings, password);
  const close = () => transport.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    return await work(transport);
  } catch (error) {
    return whyNot(error, `${settings.host}:${settings.port}`);
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}

function transportOf({ host, port, security, user }: MailSettings, password: Secret | null) {
  const options: SMTPTransportOptions = {
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user !== undefined && password !== null && { auth: { user, pass: password.reveal() } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    dnsTimeout: TIMEOUT_MS,
    socketCloseTimeout: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  return createTransport(options);
}

/** By the classes of SMTP: 4xx may pass, 5xx will not. A server's own words are not repeated: they may hold anything. */
function whyNot(error: unknown, peer: string): Taken {
  const { responseCode, code } = error as { readonly responseCode?: number; readonly code?: string };
  const got = responseCode ?? code ?? 'no answer that can be read';
  const because = `expected \`${peer}\` to take it, got \`${got}\``;
  // Wrong credentials and a missing TLS are set right by a person, and then it shall go: no reason to lose a message.
  const final = responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH' && code !== 'ETLS';
  if (final) return { kind: 'refused', because };
  return { kind: 'later', because, retryAfterMs: null };
}
