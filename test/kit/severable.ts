import { connect, createServer, type Socket } from 'node:net';

/** A way through which a program speaks to another, that can be cut. */
export interface Severable {
  readonly url: string;
  /** Drops what is open and lets nothing through: what is sent is lost without a word. */
  cut(): void;
  /** Lets everything through again. */
  heal(): void;
  /** Leads to another server from now on. */
  leadTo(url: string): void;
  stop(): Promise<void>;
}

/** A proxy on the loopback interface in front of a server. */
export async function severable(target: string): Promise<Severable> {
  let { hostname, port } = new URL(target);
  let whole = true;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => undefined);
    // A network that is cut answers nothing, not even no.
    if (!whole) return;
    const beyond = connect(Number(port), hostname);
    open.add(beyond);
    beyond.on('error', () => socket.destroy());
    beyond.on('close', () => open.delete(beyond));
    socket.pipe(beyond).pipe(socket);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  const drop = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut: () => {
      whole = false;
      drop();
    },
    heal: () => {
      drop();
      whole = true;
    },
    leadTo: (url) => {
      ({ hostname, port } = new URL(url));
    },
    stop: async () => {
      drop();
      await new Promise((done) => server.close(done));
    },
  };
}
