import * as fc from 'fast-check';
import { Document, isCollection, isMap } from 'yaml';

// What a line may be made of, whether or not anything is to be made of it; between two stands a sign that is none of it.
const PIECES = [
  'a§b-c§x y§null§True§~§<<§1§-1§007§1.§.5§0x1f§1e3§10.0.0.5§.inf§0o17§1_000§2026-11-17§+1§a: b§',
  'a: b\n§c:\n§c:\n  §c:\n- §k: §"k": §d: |\n  x\n§d: >-\n  x\n  y\n\n  z\n§|\n§>\n   §|+\n§',
  "|-\n  a\n\n§- §- §-§: §:§ §  §\n§\n§\n  §\n    §\n- §\n  - §#§ # c§\t§\r\n§\"q\"§\"§'§'it''s'§",
  '"\\n\\u00e9"§"\\x41"§"\\U0001F600"§\\§[§]§{§}§,§, §{ a: b, }§[a, [b]]§&a§&a §*a§*a §<<: §<<: *a§',
  '- &a { b: 1 }\n§!t§!!str §!!int §%§@§?§? §---\n§--- §...\n§__proto__§constructor§\u00a0§\u0085§',
  '\u2028§😀',
];
export const fragment = fc.constantFrom(...PIECES.join('').split('§'));

const BEGUN =
  'a: §a:\n  §- §a:\n  - §a: {§a: [§a: |\n  §a: >\n  §a: b\n§a: "§a: \'§x: &a { b: 1 }\ny: §x: &a [1]\ny: §- &a z\n- ';

/** A text put together of such pieces. */
export const pieces = fc
  .tuple(fc.constantFrom(...BEGUN.split('§')), fc.array(fragment, { maxLength: 8 }))
  .map(([first, rest]) => `${first}${rest.join('')}`);

const text = fc.oneof(
  fc.constantFrom(
    '',
    '- x',
    'a: b',
    '#x',
    'x #y',
    'null',
    '1',
    '1.5',
    '~',
    '<<',
    'a\nb',
    'a\n\n  b\nc\n',
    ' lead',
    'trail ',
  ),
  fc.constantFrom(
    '\n',
    "it's",
    '"q"',
    '0x1',
    '.inf',
    '=',
    '@x',
    '%',
    '!',
    '&',
    '*',
    '|',
    '>',
    '--',
    '---',
    '...',
    '?',
    'x:',
  ),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(' ', '\n', 'a', '#', ':', '-', '"', "'"), maxLength: 10 }),
);

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      tie('any'),
      { maxKeys: 4 },
    ),
  ),
})).any;

/** A value in some style, part of it by aliases. */
export const writtenValue = fc
  .record({
    value: fc.array(value, { minLength: 1, maxLength: 4 }),
    brackets: fc.constantFrom('none', 'inside', 'all'),
    style: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'),
    indent: fc.integer({ min: 1, max: 5 }),
    indentSeq: fc.boolean(),
    lineWidth: fc.constantFrom(0, 20, 80),
    ends: fc.constantFrom('\n', '\r\n'),
  })
  .map(({ value: held, brackets, style, ends, ...rest }) => {
    const document = new Document(
      { x: held[0], y: [held[0], held[0]], z: held },
      { version: '1.2', schema: 'core' },
    );
    const { contents } = document;
    if (isMap(contents) && brackets === 'all') contents.flow = true;
    if (isMap(contents) && brackets === 'inside') {
      for (const { value: inner } of contents.items) if (isCollection(inner)) inner.flow = true;
    }
    return document.toString({ ...rest, defaultStringType: style as 'PLAIN' }).replaceAll('\n', ends);
  });
