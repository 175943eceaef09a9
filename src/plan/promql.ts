import { parser } from '@prometheus-io/lezer-promql';
import type { SyntaxNode, Tree } from '@lezer/common';

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
  const tree = parser.parse(text);
  const deep = tooDeep(tree);
  if (deep !== null) return { invalid: deep, forbidden: null, windowMs: null, selectors: [] };
  const root = tree.topNode;
  const nodes = descendants(root);
  const expression = root.firstChild;
  return {
    invalid: syntaxFlaw(nodes, text) ?? (expression ? typeFlaw(expression, nodes, text) : null),
    forbidden: fallbackFlaw(nodes, text) ?? constantFlaw(nodes),
    windowMs: windowOf(root, text),
    selectors: [
      ...new Set(nodes.filter(({ name }) => name === 'VectorSelector').map((node) => textOf(node, text))),
    ],
  };
}

/** No query that people read nests so deeply; what follows calls itself for every level. */
const MOST_DEEP = 200;

function tooDeep(tree: Tree): QueryFlaw | null {
  const cursor = tree.cursor();
  for (let depth = 0; ;) {
    if (depth > MOST_DEEP) {
      return {
        message: `expected at most ${MOST_DEEP} expressions inside each other, got more`,
        offset: cursor.from,
      };
    }
    if (cursor.firstChild()) {
      depth += 1;
      continue;
    }
    while (!cursor.nextSibling()) {
      if (!cursor.parent()) return null;
      depth -= 1;
    }
  }
}

/** A node and all below it, each before what it holds. */
function descendants(node: SyntaxNode, found: SyntaxNode[] = []): readonly SyntaxNode[] {
  found.push(node);
  for (let child = node.firstChild; child; child = child.nextSibling) descendants(child, found);
  return found;
}

function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

const textOf = (node: SyntaxNode, text: string) => text.slice(node.from, node.to);

function syntaxFlaw(nodes: readonly SyntaxNode[], text: string): QueryFlaw | null {
  const broken = nodes.find(({ type }) => type.isError);
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
function operandsOf(node: SyntaxNode): readonly SyntaxNode[] {
  const body =
    node.name === 'FunctionCall' || node.name === 'AggregateExpr' ? node.getChild('FunctionCallBody') : node;
  return body ? childrenOf(body).filter(isExpression) : [];
}

const isExpression = ({ name }: SyntaxNode) =>
  /(Expr|Selector|Call|Literal)$/.test(name) && name !== 'DurationExpr' && name !== 'OffsetDurationExpr';

function typeOf(node: SyntaxNode, text: string): QueryType {
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

const callName = (node: SyntaxNode, text: string) => {
  const name = node.getChild('FunctionIdentifier');
  return name ? textOf(name, text) : '';
};

/** Prometheus refuses a range where it wants an instant, and the other way round. */
function typeFlaw(expression: SyntaxNode, nodes: readonly SyntaxNode[], text: string): QueryFlaw | null {
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

function operandFlaw(node: SyntaxNode, text: string): QueryFlaw | null {
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

const unwrapped = (node: SyntaxNode): SyntaxNode => {
  const inner = node.name === 'ParenExpr' ? operandsOf(node)[0] : undefined;
  return inner ? unwrapped(inner) : node;
};

/** `… or vector(0)` turns "no data" into a number, and so into a pass. */
function fallbackFlaw(nodes: readonly SyntaxNode[], text: string): QueryFlaw | null {
  for (const node of nodes) {
    if (node.name !== 'BinaryExpr' || !node.getChild('Or')) continue;
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

function constantFlaw(nodes: readonly SyntaxNode[]): QueryFlaw | null {
  if (nodes.some(({ name }) => name === 'VectorSelector' || name === 'MatrixSelector')) return null;
  return { message: 'expected a query that looks at a metric, got a constant', offset: 0 };
}

/** How far a node looks back: a subquery's range comes on top of what it repeats. */
function windowOf(node: SyntaxNode, text: string): number | null {
  let longest = 0;
  for (let child = node.firstChild; child; child = child.nextSibling) {
    const inside = windowOf(child, text);
    if (inside === null) return null;
    longest = Math.max(longest, inside);
  }
  if (node.name !== 'MatrixSelector' && node.name !== 'SubqueryExpr') return longest;
  const range = node.getChild('DurationExpr');
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
  const parts = [...written.matchAll(/(\d+)(ms|[smhdwy])/g)];
  if (parts.map(([part]) => part).join('') !== written || parts.length === 0) return null;
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ''] ?? 0), 0);
}
