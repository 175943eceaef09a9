import { Agent, request } from 'node:http';

/** What a generator of load is told, as JSON in its first argument. */
export interface Load {
  readonly url: string;
  /** The whole header. */
  readonly authorization: string;
  /** JSON; `{{number}}` in it becomes the number of the request, so that no two are alike. */
  readonly body: string;
  /** The status that every answer has to have. */
  readonly status: number;
  readonly callers: number;
  readonly warmUp: number;
  readonly count: number;
}

/** What it saw, as one line of JSON on its output. */
export interface Seen {
  readonly perSecond: number;
  readonly p99Ms: number;
}

const NUMBER = '{{number}}';

/** Asks with all callers at once, each waiting for its answer before it asks again. Run as a program of its own. */
async function main(load: Load): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.callers });
  await asked(load, agent, { from: 0, count: load.warmUp });
  const began = performance.now();
  const times = await asked(load, agent, { from: load.warmUp, count: load.count });
  const seconds = (performance.now() - began) / 1_000;
  const sorted = times.toSorted((a, b) => a - b);
  const seen: Seen = {
    perSecond: load.count / seconds,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
  };
  process.stdout.write(`${JSON.stringify(seen)}\n`);
  agent.destroy();
}

async function asked(
  load: Load,
  agent: Agent,
  { from, count }: { from: number; count: number },
): Promise<number[]> {
  const times: number[] = [];
  let next = from;
  const caller = async () => {
    while (next < from + count) {
      const body = load.body.replaceAll(NUMBER, String((next += 1)));
      const began = performance.now();
      await ask(load, agent, body);
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: load.callers }, caller));
  return times;
}

function ask({ url, authorization, status }: Load, agent: Agent, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const asking = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === status) resolve();
        else reject(new Error(`expected ${status}, got \`${response.statusCode}\``));
      });
    });
    asking.once('error', reject);
    asking.end(body);
  });
}

const [told] = process.argv.slice(2);
// What started it wrote it.
if (told !== undefined) await main(JSON.parse(told) as Load);
