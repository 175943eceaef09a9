import { lineLog } from '../../src/app/line-log.ts';
import { readConfig } from '../../src/config.ts';
import { serve } from '../../src/serve.ts';
import { CAMPAIGN_TIMING } from './timing.ts';

// `interlock serve` as it is, but for its spans of time: everything else is what its environment says.
const tell = (line: string) => void process.stderr.write(`${line}\n`);
const serving = await serve(readConfig(process.env), {
  version: '0.0.0',
  log: lineLog(tell),
  tell,
  runTiming: CAMPAIGN_TIMING,
});
process.once('SIGTERM', () => void serving.stop().then(() => process.exit(0)));
process.stdout.write(`Interlock serves on ${serving.url}\n`);
