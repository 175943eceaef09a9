import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { closed, type Manner, type Peer } from './peer.ts';

/** A mail as the server took it. */
export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
}

export interface MailServer extends Peer {
  heard(): readonly TakenMail[];
}

const WRONG: Partial<Record<Manner, readonly [code: number, text: string]>> = {
  busy: [451, 'try again later'],
  limiting: [450, 'too many, slow down'],
  refusing: [550, 'no such user here'],
  echoing: [554, 'no'],
};

/** A real SMTP server that takes mail of `interlock` with any password. */
export async function startMailServer(): Promise<MailServer> {
  let manner: Manner = 'well';
  const mails: TakenMail[] = [];
  const sockets = new Set<Socket>();
  const options: SMTPServerOptions = {
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onAuth: ({ username }, _session, done) => done(null, { user: username ?? '' }),
    onConnect: (_session, done) => {
      if (manner !== 'hanging') done();
    },
    onRcptTo: (_address, _session, done) => {
      const wrong = WRONG[manner];
      done(wrong && Object.assign(new Error(wrong[1]), { responseCode: wrong[0] }));
    },
    onData: (stream, { envelope }, done) => {
      const finish = (body: string) => {
        if (manner === 'cut') return sockets.forEach((socket) => socket.destroy());
        // A server that hands on what it took and then cannot: SMTP's only way to lie is a code that is none.
        if (manner === 'lying')
          return done(Object.assign(new Error('queued, perhaps'), { responseCode: 421 }));
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), text: body });
        done();
      };
      void text(stream).then(finish);
    },
  };
  const server = new SMTPServer(options);
  server.on('error', () => undefined);
  server.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    if (manner === 'gone') socket.destroy();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    behave: (how) => {
      manner = how;
    },
    heard: () => mails,
    letGo: () => Promise.all([...sockets].map(closed)).then(() => undefined),
    saysHowLong: false,
    stop: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  };
}
