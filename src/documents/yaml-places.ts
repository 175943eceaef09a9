import { SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { meaningOf } from './yaml.ts';
import type { YamlNode } from './yaml-tree.ts';

type Fields = ReadonlyMap<string, YamlNode>;

/** Where the value at a path begins; where it is missing, the innermost part that should hold it. */
export function placesIn(text: string, tree: YamlNode): (path: readonly PropertyKey[]) => number {
  const known = new Map<YamlNode, Fields>();
  return (path) => {
    let node = tree;
    for (const step of path) {
      const next = inside(node, String(step));
      if (next === undefined) break;
      node = next;
    }
    return node.offset;
  };

  function inside(node: YamlNode, step: string): YamlNode | undefined {
    const held = heldBy(node);
    if (held?.kind === 'list') return held.items[Number(step)];
    return held?.kind === 'mapping' ? fieldsOf(held).get(step) : undefined;
  }

  /** The fields of a mapping and then, where it has none of the name, those that are merged into it. */
  function fieldsOf(mapping: YamlNode & { kind: 'mapping' }): Fields {
    const before = known.get(mapping);
    if (before) return before;
    const fields = new Map<string, YamlNode>();
    const merged: YamlNode[] = [];
    for (const { key, value } of mapping.pairs) {
      if (key.kind !== 'scalar') continue;
      const name = nameOf(text, key.event);
      if (name === '<<' && key.event.style === SCALAR_STYLE.PLAIN) merged.push(value);
      else fields.set(name, value);
    }
    for (const source of merged.flatMap(sourcesOf)) {
      for (const [name, value] of fieldsOf(source)) if (!fields.has(name)) fields.set(name, value);
    }
    known.set(mapping, fields);
    return fields;
  }
}

/** A key as a field is called: a plain word in small letters by what is written, any other by what that means. */
function nameOf(text: string, key: ScalarEvent): string {
  const written = text.slice(key.valueStart, key.valueEnd);
  const isWord = key.style === SCALAR_STYLE.PLAIN && key.tagStart === -1 && /^[a-z][A-Za-z]*$/.test(written);
  return isWord ? written : String(meaningOf(text, key));
}

/** What an alias stands for; any other part is itself. */
function heldBy(node: YamlNode): Exclude<YamlNode, { kind: 'alias' }> | null {
  return node.kind === 'alias' ? node.of && heldBy(node.of) : node;
}

function sourcesOf(node: YamlNode): (YamlNode & { kind: 'mapping' })[] {
  const held = heldBy(node);
  if (held?.kind === 'list') return held.items.flatMap(sourcesOf);
  return held?.kind === 'mapping' ? [held] : [];
}
