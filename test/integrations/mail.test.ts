import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailConnection } from '../../src/integrations/mail/mail.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { integrationContract } from '../kit/integration-contract.ts';
import { startMailServer, type MailServer, type TakenMail } from '../kit/mail-server.ts';

const settings = (port: number) => ({
  host: '127.0.0.1',
  port,
  security: 'none' as const,
  user: 'interlock',
  from: 'changes@example.com',
});
const signal = () => AbortSignal.timeout(5_000);
const message = {
  id: 'key:1',
  about: 'change/CHG-1',
  to: ['ops@example.com'],
  subject: 'CHG-1 starts',
  text: 'Soon.',
};

integrationContract({
  name: 'mail',
  peer: startMailServer,
  open: (peer, secret) => mailConnection(settings(peer.port), new Secret(secret)),
  offers: {
    mail: (connection, id, during) => connection.offers.mail!.send({ ...message, id }, during),
  },
  idOf: (heard) => /^Message-ID: (.+)$/im.exec((heard as TakenMail).text)?.[1] ?? '',
});

describe('mail', () => {
  let server: MailServer;
  beforeAll(async () => {
    server = await startMailServer();
  });
  afterAll(() => server.stop());

  it('reaches whom it names, and says that no person wrote it', async () => {
    const connection = mailConnection(settings(server.port), new Secret('a-password'));
    await connection.offers.mail!.send({ ...message, subject: 'Ärger\r\nBcc: all@example.com' }, signal());
    const [mail] = server.heard();
    expect(mail).toMatchObject({ from: 'changes@example.com', to: ['ops@example.com'] });
    expect(mail!.text).toMatch(/^auto-submitted: auto-generated$/im);
    expect(mail!.text).not.toMatch(/^bcc:/im);
  });

  it('sends no word to a server without TLS, unless the file says so', async () => {
    const careful = { ...settings(server.port), security: 'starttls' as const };
    const before = server.heard().length;
    const said = await mailConnection(careful, new Secret('a-password')).offers.mail!.send(message, signal());
    expect(said.kind).toBe('later');
    expect(server.heard().length).toBe(before);
  });
});
