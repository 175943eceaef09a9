import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Load, Seen } from './load.ts';
import { pinned } from './program.ts';

/** A load for so long; the bodies are sent as they are, one after the other and again. */
export interface WrkLoad extends Pick<Load, 'url' | 'authorization' | 'callers'> {
  readonly bodies: readonly string[];
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/**
 * The load of Debian's `wrk`. A generator in Node is slower than the bare server that it is to measure (a third of what that can, on
 * the machine of the first figures), and so flatters whatever is held beside it.
 */
export async function loadedByWrk(load: WrkLoad, core: string | null = null): Promise<Seen> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interlock-bench-wrk-'));
  const script = path.join(folder, 'load.lua');
  try {
    await writeFile(script, scriptOf(load), { mode: 0o600 });
    await run(load, { script, core, seconds: load.warmUpSeconds });
    return await run(load, { script, core, seconds: load.seconds });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Run {
  readonly script: string;
  readonly core: string | null;
  readonly seconds: number;
}

async function run({ url, callers }: WrkLoad, { script, core, seconds }: Run): Promise<Seen> {
  const wrk = ['wrk', '-t1', `-c${callers}`, `-d${seconds}s`, '-s', script, url];
  const [file = '', ...args] = pinned(core, wrk);
  const { stdout } = await promisify(execFile)(file, args);
  // Written by the script below.
  const said = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Said;
  if (said.failed > 0) throw new Error(`expected every answer to be a good one, got ${said.failed} others`);
  return { perSecond: said.answers / said.seconds, p99Ms: said.p99Ms };
}

interface Said {
  readonly answers: number;
  readonly seconds: number;
  readonly p99Ms: number;
  readonly failed: number;
}

/** Texts of Lua are written like those of JSON, as long as they are plain. */
function scriptOf({ authorization, bodies }: WrkLoad): string {
  return `
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.headers["authorization"] = ${JSON.stringify(authorization)}
local requests, last = {}, 0
init = function()
  for at, body in ipairs({ ${bodies.map((body) => JSON.stringify(body)).join(', ')} }) do
    requests[at] = wrk.format(nil, nil, nil, body)
  end
end
request = function()
  last = last % #requests + 1
  return requests[last]
end
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"answers":%d,"seconds":%f,"p99Ms":%f,"failed":%d}\\n', summary.requests, summary.duration / 1e6,
    latency:percentile(99) / 1e3, errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
`;
}
