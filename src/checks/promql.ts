import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** What a query rests on, as far as it can be told without asking. */
export interface QueryReading {
  /** Its instant selectors, without window and offset: `http_requests_total{job="shop"}`. */
  readonly selectors: readonly string[];
  /** The windows over which it compares counters: `http_requests_total{job="shop"}[1m] offset 5m`. */
  readonly windows: readonly string[];
  /** Why its answer could never be judged, or `null`. */
  readonly refusal: string | null;
}

const COUNTER_FUNCTIONS = new Set(['Rate', 'Irate', 'Increase']);

/** Reads a query of PromQL. What cannot be read is refused: nobody knows what it would say. */
export function readQueryText(query: string): QueryReading {
  const selectors = new Set<string>();
  const windows = new Set<string>();
  let unreadable: string | null = null;
  let refusal: string | null = null;
  const text = ({ from, to }: { from: number; to: number }) => query.slice(from, to);

  parser.parse(query).iterate({
    enter: ({ node, type }) => {
      if (type.isError)
        unreadable ??= `a query of PromQL wanted; it cannot be read at character ${node.from + 1}`;
      if (type.name === 'VectorSelector') selectors.add(text(node));
      const madeUp = type.name === 'BinaryExpr' && node.getChild('Or') ? madeUpOperand(node) : null;
      if (madeUp)
        refusal ??= `data wanted; \`${text(madeUp)}\` beside \`or\` makes some up where there is none`;
      if (type.name !== 'FunctionCall' || !comparesCounters(node)) return;
      const argument = node.getChild('FunctionCallBody')?.firstChild ?? null;
      if (argument && isWindow(argument)) windows.add(text(argument));
      else refusal ??= `\`rate\` before \`sum\` wanted; \`${text(node)}\` hides the restart of a target`;
    },
  });
  return { selectors: [...selectors], windows: [...windows], refusal: unreadable ?? refusal };
}

function comparesCounters(call: SyntaxNode): boolean {
  const name = call.getChild('FunctionIdentifier')?.firstChild?.name;
  return name !== undefined && COUNTER_FUNCTIONS.has(name);
}

/** A range of samples as they were scraped; not a subquery, whose samples are computed. */
function isWindow(node: SyntaxNode): boolean {
  const inner = unwrapped(node);
  return inner?.name === 'MatrixSelector';
}

/** The operand that is there whatever was measured, because it is made of no metric: `vector(0)`. */
function madeUpOperand({ firstChild, lastChild }: SyntaxNode): SyntaxNode | null {
  return [firstChild, lastChild].find((operand) => operand && isMadeUp(operand)) ?? null;
}

function isMadeUp(node: SyntaxNode): boolean {
  let reads = false;
  node.cursor().iterate(({ name }) => {
    if (name === 'VectorSelector') reads = true;
  });
  return !reads;
}

function unwrapped(node: SyntaxNode | null): SyntaxNode | null {
  return node && ['ParenExpr', 'OffsetExpr', 'StepInvariantExpr'].includes(node.name)
    ? unwrapped(node.firstChild)
    : node;
}
