import type { YAMLException } from 'js-yaml';
import { excerpt, type Flaw } from './yaml-flaws.ts';

/** What the library says, in the words of who writes a plan. What is not among them is said as the library does. */
const WORDS: Readonly<Record<string, string>> = {
  'deficient indentation': 'a line no farther in than the key whose bracket or quote is still open',
  'tab characters must not be used in indentation': 'a tab as indentation',
  'can not read a block mapping entry; a multiline key may not be an implicit key':
    'a key without `: ` on a line before',
  "expected ':' after a mapping key": 'a key without `: `',
  'missed comma between flow collection entries': 'no comma between two entries in brackets',
  'unexpected end of the stream within a flow collection': 'no closing bracket',
  'unexpected end of the stream within a double quoted scalar': 'no closing quote',
  'unexpected end of the stream within a single quoted scalar': 'no closing quote',
  'null byte is not allowed in input': 'a control character',
  'the stream contains non-printable characters': 'a control character',
  'expected valid JSON character': 'a control character',
  'cannot merge mappings; the provided source object is unacceptable':
    'something to be merged by `<<` that is no mapping and no list of them',
};

/** What was wrong with a text, by the first error of the library. */
export function flawOf(text: string, { reason, mark }: YAMLException): Flaw {
  const offset = mark?.position ?? 0;
  const message = (got: string) => ({
    offset,
    message: `expected YAML or JSON that can be read, got ${got}`,
  });
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const rest = excerpt(/^.*/.exec(text.slice(offset, offset + 100))?.[0] ?? '');
  if (reason === 'duplicated mapping key') {
    return { offset: keyBefore(text, offset), message: 'expected every key once, got it a second time' };
  }
  if (reason === 'bad indentation of a mapping entry' || reason === 'bad indentation of a sequence entry') {
    if (line.trim() === '') return message('a line that is indented unlike the others beside it');
    return message(
      `${rest} where no value can begin or go on: it wants quotes, a line of its own or another indentation`,
    );
  }
  if (reason === 'end of the stream or a document separator is expected') {
    return message(
      `${rest} that belongs to nothing before it: a space after \`:\` or an indentation is missing`,
    );
  }
  const levels = /^nesting exceeded maxDepth \((\d+)\)/.exec(reason)?.[1];
  if (levels !== undefined) return message(`more than ${levels} levels inside each other`);
  const tag = /^cannot resolve a node with !<tag:yaml\.org,2002:(\w+)>/.exec(reason)?.[1];
  if (tag !== undefined) return message(`a value that is no \`!!${tag}\``);
  const known = WORDS[reason];
  return known === undefined
    ? { offset, message: `expected YAML or JSON that can be read: ${reason}` }
    : message(known);
}

/** Where a key begins: an event begins behind its quote and behind the sign of its name. */
export function keyBefore(text: string, offset: number): number {
  return /["'&]/.test(text[offset - 1] ?? '') ? offset - 1 : offset;
}
