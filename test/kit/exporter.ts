import { createServer, type Server } from 'node:http';
import { freePort } from './loopback-process.ts';

/** A program with metrics, as far as Prometheus can tell: serves the text it is given on a port of its own. */
export interface Exporter {
  readonly port: number;
  /** What `/metrics` says from now on; a function is asked at every scrape. */
  say(metrics: string | (() => string)): void;
  /** Refuses connections until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Starts an exporter on a free loopback port. */
export async function startExporter(metrics: string | (() => string)): Promise<Exporter> {
  const port = await freePort();
  let said = metrics;
  let server: Server | null = null;
  const start = () =>
    new Promise<void>((resolve) => {
      server = createServer((_request, response) => {
        response.end(typeof said === 'string' ? said : said());
      }).listen(port, '127.0.0.1', resolve);
    });
  const stop = () =>
    new Promise<void>((resolve) => {
      if (!server) return resolve();
      server.close(() => resolve());
      server.closeAllConnections();
      server = null;
    });
  await start();
  return {
    port,
    say: (text) => {
      said = text;
    },
    stop,
    start,
  };
}
