import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  Scalar,
  type Document,
  type Node,
  type Pair,
} from 'yaml';

/** What the library that edits plans makes of a text; `null` where it finds an error. */
export function readOtherwise(text: string) {
  const lines = new LineCounter();
  const options = {
    version: '1.2',
    schema: 'core',
    merge: true,
    prettyErrors: false,
    lineCounter: lines,
  } as const;
  const documents = [...parseAllDocuments(text, options)] as unknown as Document[];
  if (documents.some(({ errors, warnings }) => errors.length + warnings.length > 0)) return null;
  try {
    return documents.map((document) => ({
      value: document.toJS({ maxAliasCount: 1_000 }) as unknown,
      placeOf: (path: readonly PropertyKey[]) => {
        const { line, col } = lines.linePos(offsetOf(document, path));
        return `${Math.max(line, 1)}:${Math.max(col, 1)}`;
      },
    }));
  } catch {
    return null;
  }
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const step of path) {
    const next = child(held(node, document), String(step), document);
    if (next === null) break;
    ({ node, offset } = next);
  }
  return offset;
}

type Child = { readonly node: Node | null; readonly offset: number };

function child(node: Node | null, step: string, document: Document): Child | null {
  if (isSeq(node)) {
    const item = node.items[Number(step)] as Node | undefined;
    return item === undefined ? null : { node: item, offset: item.range?.[0] ?? 0 };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find(({ key }) => isScalar(key) && !isMerge(key) && String(key.value) === step);
  if (pair === undefined) return mergedChild(node.items, step, document);
  const value = pair.value as Node | null;
  return { node: value, offset: value?.range?.[0] ?? (pair.key as Node).range?.[0] ?? 0 };
}

function mergedChild(items: readonly Pair[], step: string, document: Document): Child | null {
  for (const { key, value } of items) {
    if (!isMerge(key)) continue;
    const source = held(value as Node | null, document);
    for (const item of isSeq(source) ? (source.items as Node[]) : [source]) {
      const found = child(held(item, document), step, document);
      if (found !== null) return found;
    }
  }
  return null;
}

const isMerge = (key: unknown): boolean =>
  isScalar(key) && (typeof key.value === 'symbol' || (key.value === '<<' && key.type === Scalar.PLAIN));

const held = (node: Node | null, document: Document): Node | null =>
  isAlias(node) ? (node.resolve(document) ?? null) : node;
