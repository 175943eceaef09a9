import { parser } from '@prometheus-io/lezer-promql';
import type { Tree } from '@lezer/common';

/** A flaw in a query, and the offset where it stands. */
export interface QueryFlaw {
  readonly message: string;
  readonly offset: number;
}

/** What a gate has to know of a query before it relies on it. */
export interface Query {
  /** Why Prometheus would refuse it, or `null`. */
  readonly invalid: QueryFlaw | null;
  /** Why no gate may use it although Prometheus would answer, or `null`. */
  readonly forbidden: QueryFlaw | null;
  /** The longest range that it looks back over, in milliseconds; 0 without one, `null` if it cannot be told. */
  readonly windowMs: number | null;
  /** Its instant selectors, without window and offset. */
  readonly selectors: readonly string[];
}

/** Reads a query of the Prometheus language. Never throws. */
export function readQuery(text: string): Query {
  const { nodes, tooDeepAt } = nodesOf(parser.parse(text));
  if (tooDeepAt !== null) {
    const message = `expected at most ${MOST_DEEP} expressions inside each other, got more`;
    return { invalid: { message, offset: tooDeepAt }, forbidden: null, windowMs: null, selectors: [] };
  }
  const [root] = nodes;
  const expression = root?.children[0];
  return {
    invalid: syntaxFlaw(nodes, text) ?? (expression ? typeFlaw(expression, nodes, text) : null),
    forbidden: fallbackFlaw(nodes, text) ?? constantFlaw(nodes),
    windowMs: root ? windowOf(root, text) : 0,
    selectors: [
      ...new Set(nodes.filter(({ name }) => name === 'VectorSelector').map((node) => textOf(node, text))),
    ],
  };
}

/** A part of a query. A node of the library makes its children anew whenever it is asked for them. */
interface QueryNode {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly isBroken: boolean;
  readonly children: QueryNode[];
}

/** No query that people read nests so deeply; what follows calls itself for every level. */
const MOST_DEEP = 200;

/** All nodes of a query, each before what it holds, and where it nests too deeply. */
function nodesOf(tree: Tree): { readonly nodes: readonly QueryNode[]; readonly tooDeepAt: number | null } {
  const nodes: QueryNode[] = [];
  const open: QueryNode[] = [];
  let tooDeepAt: number | null = null;
  tree.iterate({
    enter: ({ type: { name, isError }, from, to }) => {
      const node = { name, from, to, isBroken: isError, children: [] };
      open.at(-1)?.children.push(node);
      if (open.push(node) > MOST_DEEP + 1) tooDeepAt ??= from;
      nodes.push(node);
    },
    leave: () => open.pop(),
  });
  return { nodes, tooDeepAt };
}

const childOf = ({ children }: QueryNode, wanted: string) => children.find(({ name }) => name === wanted);

const textOf = ({ from, to }: QueryNode, text: string) => text.slice(from, to);

function syntaxFlaw(nodes: readonly QueryNode[], text: string): QueryFlaw | null {
  const broken = nodes.find(({ isBroken }) => isBroken);
  if (!broken) return null;
  const got =
    broken.to > broken.from ? `\`${textOf(broken, text)}\`` : broken.from < text.length ? 'less' : 'its end';
  return { message: `expected PromQL, got ${got} at character ${broken.from + 1}`, offset: broken.from };
}

type QueryType = 'vector' | 'scalar' | 'matrix' | 'string';

const PASSES_THROUGH = new Set([
  'ParenExpr',
  'UnaryExpr',
  'OffsetExpr',
  'StepInvariantExpr',
  'AnchoredExpr',
  'SmoothedExpr',
]);
const SCALAR_CALLS = new Set(['scalar', 'time', 'pi']);
const RANGE_CALL =
  /^(rate|irate|increase|delta|idelta|deriv|changes|resets|predict_linear|double_exponential_smoothing|holt_winters|\w+_over_time)$/;

/** The expressions that an expression is made of. */
function operandsOf(node: QueryNode): readonly QueryNode[] {
  const body =
    node.name === 'FunctionCall' || node.name === 'AggregateExpr' ? childOf(node, 'FunctionCallBody') : node;
  return body ? body.children.filter(isExpression) : [];
}

const isExpression = ({ name }: QueryNode) =>
  /(Expr|Selector|Call|Literal)$/.test(name) && name !== 'DurationExpr' && name !== 'OffsetDurationExpr';

function typeOf(node: QueryNode, text: string): QueryType {
  if (node.name === 'MatrixSelector' || node.name === 'SubqueryExpr') return 'matrix';
  if (node.name === 'NumberDurationLiteral') return 'scalar';
  if (node.name === 'StringLiteral') return 'string';
  const operands = operandsOf(node);
  const [first] = operands;
  if (PASSES_THROUGH.has(node.name) && first) return typeOf(first, text);
  if (node.name === 'FunctionCall') return SCALAR_CALLS.has(callName(node, text)) ? 'scalar' : 'vector';
  if (node.name === 'BinaryExpr') {
    return operands.every((operand) => typeOf(operand, text) === 'scalar') ? 'scalar' : 'vector';
  }
  return 'vector';
}

const callName = (node: QueryNode, text: string) => {
  const name = childOf(node, 'FunctionIdentifier');
  return name ? textOf(name, text) : '';
};

/** Prometheus refuses a range where it wants an instant, and the other way round. */
function typeFlaw(expression: QueryNode, nodes: readonly QueryNode[], text: string): QueryFlaw | null {
  const result = typeOf(expression, text);
  if (result === 'matrix' || result === 'string') {
    const got = result === 'matrix' ? 'a range of samples' : 'a string';
    return {
      message: `expected a query that answers one value a series, got ${got}`,
      offset: expression.from,
    };
  }
  for (const node of nodes) {
    const flaw = operandFlaw(node, text);
    if (flaw) return flaw;
  }
  return null;
}

const TAKES_OPERANDS = new Set(['FunctionCall', 'AggregateExpr', 'BinaryExpr']);

function operandFlaw(node: QueryNode, text: string): QueryFlaw | null {
  if (!TAKES_OPERANDS.has(node.name)) return null;
  const ranges = operandsOf(node).filter((operand) => typeOf(operand, text) === 'matrix');
  const name = node.name === 'FunctionCall' ? callName(node, text) : '';
  if (RANGE_CALL.test(name)) {
    return ranges.length > 0
      ? null
      : { message: `expected a range such as \`[5m]\` for \`${name}\`, got an instant`, offset: node.from };
  }
  const [range] = ranges;
  if (!range) return null;
  return { message: `expected an instant, got the range \`${textOf(range, text)}\``, offset: range.from };
}

const unwrapped = (node: QueryNode): QueryNode => {
  const inner = node.name === 'ParenExpr' ? operandsOf(node)[0] : undefined;
  return inner ? unwrapped(inner) : node;
};

/** `… or vector(0)` turns "no data" into a number, and so into a pass. */
function fallbackFlaw(nodes: readonly QueryNode[], text: string): QueryFlaw | null {
  for (const node of nodes) {
    if (node.name !== 'BinaryExpr' || !childOf(node, 'Or')) continue;
    const fallback = operandsOf(node)
      .map(unwrapped)
      .find((operand) => operand.name === 'FunctionCall' && callName(operand, text) === 'vector');
    if (fallback) {
      const message = `expected a query that answers nothing where there is no data, got \`or ${textOf(fallback, text)}\``;
      return { message, offset: fallback.from };
    }
  }
  return null;
}

function constantFlaw(nodes: readonly QueryNode[]): QueryFlaw | null {
  if (nodes.some(({ name }) => name === 'VectorSelector' || name === 'MatrixSelector')) return null;
  return { message: 'expected a query that looks at a metric, got a constant', offset: 0 };
}

/** How far a node looks back: a subquery's range comes on top of what it repeats. */
function windowOf(node: QueryNode, text: string): number | null {
  let longest = 0;
  for (const child of node.children) {
    const inside = windowOf(child, text);
    if (inside === null) return null;
    longest = Math.max(longest, inside);
  }
  if (node.name !== 'MatrixSelector' && node.name !== 'SubqueryExpr') return longest;
  const range = childOf(node, 'DurationExpr');
  const own = range ? promDurationMs(textOf(range, text)) : null;
  return own === null ? null : own + longest;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** Milliseconds of a Prometheus duration (`1h30m`, `300`), or `null` where it is computed. */
function promDurationMs(written: string): number | null {
  if (/^\d+(\.\d+)?$/.test(written)) return Number(written) * 1_000;
  if (!/^(\d+(ms|[smhdwy]))+$/.test(written)) return null;
  let sum = 0;
  for (const [, amount, unit = ''] of written.matchAll(/(\d+)(ms|[smhdwy])/g)) {
    sum += Number(amount) * (UNIT_MS[unit] ?? 0);
  }
  return sum;
}
