import { connect } from 'node:net';
import { join } from 'node:path';
import { SOCKET_FILE, type Folder } from './folder.ts';

/** The protocol's SSLRequest: its length and its code. Every server answers it with one byte before anyone signs in. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** Whether a server answers on the folder's socket: a process that hangs holds the socket and says nothing. */
export function answers(folder: Folder, patienceMs = 2_000): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(join(folder.socket, SOCKET_FILE));
    const end = (answer: boolean) => {
      socket.destroy();
      done(answer);
    };
    socket.setTimeout(patienceMs, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.once('data', (bytes) => end(bytes[0] === 0x4e || bytes[0] === 0x53));
    socket.write(SSL_REQUEST);
  });
}
