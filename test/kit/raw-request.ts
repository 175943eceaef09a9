import { connect } from 'node:net';

/** One request as bytes, each piece sent by itself, and then nothing more; the beginning of the answer, `''` where there is none. */
export function sendPieces(
  url: string,
  pieces: readonly (string | Buffer)[],
  { end = false }: { readonly end?: boolean } = {},
): Promise<string> {
  const { port, hostname } = new URL(url);
  return new Promise((done, fail) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.setNoDelay(true);
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    socket.on('close', () => done(answer));
    // Whoever refuses early closes while more is sent.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? done(answer) : fail(error),
    );
    const sendAll = async () => {
      for (const piece of pieces)
        await new Promise((sent) =>
          typeof piece === 'string' ? socket.write(piece, 'latin1', sent) : socket.write(piece, sent),
        );
      if (end) socket.end();
    };
    socket.on('connect', () => void sendAll());
  });
}
