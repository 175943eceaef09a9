import type { InlineOutput, RunReport } from '../../contract/runs.ts';
import type { Transaction } from '../../store/database.ts';
import { keepRunFile } from '../../store/run-files.ts';
import { keepReport } from '../../store/run-reports.ts';
import type { AppContext } from '../context.ts';
import { digestOfBytes } from '../digest.ts';

/** A report as it came, and under which request. */
export interface Reported {
  readonly runId: string;
  readonly epoch: number;
  readonly request: string;
  readonly report: RunReport;
  /** It came too late to change anything. */
  readonly late: boolean;
}

/** Keeps a report, and the outputs that came along with it as files of the run. False if it was kept before. */
export async function keepReported(
  tx: Transaction,
  context: Pick<AppContext, 'hash'>,
  { runId, epoch, request, report, late }: Reported,
): Promise<boolean> {
  const { body, outputs } = withoutOutputs(report);
  const fresh = await keepReport(tx, { runId, epoch, requestKey: request, kind: report.kind, late, body });
  if (!fresh) return false;
  for (const { name, bytes } of outputs) {
    await keepRunFile(tx, { runId, kind: 'output', name, digest: digestOfBytes(context, bytes), bytes });
  }
  return true;
}

interface Output {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The report without the bytes: those lie beside, as if the runner had handed them in by themselves. */
function withoutOutputs(report: RunReport): { readonly body: unknown; readonly outputs: readonly Output[] } {
  switch (report.kind) {
    case 'step': {
      const { output, ...body } = report;
      return { body, outputs: outputsOf([output]) };
    }
    case 'corrective': {
      const executions = report.executions.map(({ output: _output, ...one }) => one);
      return {
        body: { ...report, executions },
        outputs: outputsOf(report.executions.map(({ output }) => output)),
      };
    }
    case 'preflight':
    case 'recheck':
    case 'probe':
    case 'postchecks':
      return { body: report, outputs: [] };
  }
}

function outputsOf(outputs: readonly InlineOutput[]): readonly Output[] {
  return outputs.flatMap((output) =>
    output === null ? [] : [{ name: output.name, bytes: Buffer.from(output.bytes, 'base64') }],
  );
}
