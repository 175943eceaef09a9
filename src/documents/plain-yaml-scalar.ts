/** How far a text has been read. */
export interface Reading {
  readonly text: string;
  at: number;
  /** Where the line begins that is read, and how far in what stands first on it is. */
  line: number;
  indent: number;
  /** Where each part of a mapping or list begins. */
  readonly places: Map<object, Readonly<Record<string, number>> | readonly number[]>;
}

/** The first character from here on that is no space. */
export function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at += 1;
  return at;
}

/** A key that is a word, with the colon that makes it one. */
const KEY = /([A-Za-z_][A-Za-z0-9_./-]{0,199}):(?=[ \n]|$)/y;
const NO_TEXT = /^(?:true|false|null|__proto__)$/i;

/** The key that stands here, and on behind its colon; `undefined` where there is none, or one that is no plain word. */
export function plainKey(reading: Reading): string | undefined {
  KEY.lastIndex = reading.at;
  const key = KEY.exec(reading.text)?.[1];
  if (key === undefined || NO_TEXT.test(key)) return undefined;
  reading.at += key.length + 1;
  return key;
}

/** Characters with which a plain text does not begin; a dash may, where it is no item of a list. */
const INDICATORS = '-?:,[]{}#&*!|>\'"%@`';

/** Whether a plain text may begin here. */
export function beginsPlain(text: string, at: number): boolean {
  const first = text[at];
  if (first === undefined || first === '\n' || first === ' ') return false;
  return first === '-' ? /[A-Za-z0-9-]/.test(text[at + 1] ?? '') : !INDICATORS.includes(first);
}

/** A plain text or number up to the end of the line. */
export function plainScalar(reading: Reading): unknown {
  const { text, at } = reading;
  if (!beginsPlain(text, at)) return undefined;
  const newline = text.indexOf('\n', at);
  const line = text.slice(at, newline === -1 ? text.length : newline);
  const comment = line.indexOf(' #');
  const written = withoutSpacesBehind(comment === -1 ? line : line.slice(0, comment));
  if (written.endsWith(':') || written.includes(': ')) return undefined;
  reading.at = at + written.length;
  return meaningOf(written);
}

export function withoutSpacesBehind(text: string): string {
  let end = text.length;
  while (text[end - 1] === ' ') end -= 1;
  return text.slice(0, end);
}

const BEGINS_OTHER = /^[-+.0-9ntfNTF~]/;
const NUMBER = /^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?$/;
/** A number in one of the many other ways to write one. */
const NUMBER_OTHERWISE =
  /^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:e[-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-f]+|[-+]?\.(?:inf|nan))$/i;

/** What a plain text stands for in the core schema of YAML 1.2. */
export function meaningOf(written: string): unknown {
  if (!BEGINS_OTHER.test(written)) return written;
  switch (written) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
    case '~':
      return undefined;
    default:
  }
  if (NUMBER.test(written)) return Number(written);
  if (NUMBER_OTHERWISE.test(written) || /^(?:true|false|null)$/i.test(written)) return undefined;
  return written;
}

/** A text in quotes on one line. */
export function quotedScalar(reading: Reading): string | undefined {
  const { text, at } = reading;
  const quote = text[at] as string;
  const end = quote === '"' ? endOfDouble(text, at) : endOfSingle(text, at);
  if (end === -1) return undefined;
  const inside = text.slice(at + 1, end);
  if (inside.includes('\n')) return undefined;
  reading.at = end + 1;
  if (quote === "'") return inside.replaceAll("''", "'");
  return inside.includes('\\') ? ofJson(text.slice(at, end + 1)) : inside;
}

function endOfDouble(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') return at;
    if (character === '\n') return -1;
    if (character === '\\') at += 1;
  }
  return -1;
}

function endOfSingle(text: string, from: number): number {
  for (let at = text.indexOf("'", from + 1); at !== -1; at = text.indexOf("'", at + 2))
    if (text[at + 1] !== "'") return at;
  return -1;
}

/** Escapes that JSON knows mean the same in YAML, which knows more. */
function ofJson(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}

const HEADER = /[|>]-?\n/y;

/** A text of the lines below, which stand further in than `indent`; on at the line behind it. */
export function blockScalar(reading: Reading, indent: number): string | undefined {
  const { text } = reading;
  HEADER.lastIndex = reading.at;
  const header = HEADER.exec(text)?.[0];
  if (header === undefined) return undefined;
  const first = reading.at + header.length;
  const own = widthAt(text, first);
  if (own <= indent || text[first + own] === '\n') return undefined;
  const lines = linesOf(text, first, own);
  if (lines === undefined || (lines.width > indent && lines.width < own)) return undefined;
  reading.at = lines.end;
  const all = header.startsWith('|') ? lines.all.join('\n') : folded(lines.all);
  return all === undefined || header.includes('-') ? all : `${all}\n`;
}

/** Lines as far in as `own`, without the empty ones at their end; and how far in the next one is. */
function linesOf(text: string, from: number, own: number) {
  const all: string[] = [];
  let full = 0;
  let line = from;
  for (; line < text.length;) {
    const width = widthAt(text, line);
    const isEmpty = text[line + width] === '\n';
    if (isEmpty && width > own) return undefined;
    if (!isEmpty && width < own) break;
    const end = text.indexOf('\n', line);
    if (end === -1) return undefined;
    all.push(isEmpty ? '' : text.slice(line + own, end));
    if (!isEmpty) full = all.length;
    line = end + 1;
  }
  return { all: all.slice(0, full), end: line, width: widthAt(text, line) };
}

function widthAt(text: string, from: number): number {
  return skipSpaces(text, from) - from;
}

/** Lines as one, but for the empty ones between them. */
function folded(lines: readonly string[]): string | undefined {
  if (lines.some((line) => line.startsWith(' ') || line.endsWith(' '))) return undefined;
  let all = '';
  let empty = 0;
  for (const line of lines) {
    if (line === '') empty += 1;
    else {
      all += all === '' ? line : `${empty === 0 ? ' ' : '\n'.repeat(empty)}${line}`;
      empty = 0;
    }
  }
  return all;
}
