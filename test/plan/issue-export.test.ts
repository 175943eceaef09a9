import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestPlan } from '../../src/plan/digest.ts';
import { aboutText, exportPlan, importExported } from '../../src/plan/issue/export.ts';
import { readPlan } from '../../src/plan/read.ts';
import { planText, sha256 } from './sound-plan.ts';

const folder = new URL('../../procedures/', import.meta.url);
const shipped = ['', 'templates/'].flatMap((under) =>
  readdirSync(new URL(`./${under}`, folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => under + name),
);

const planIn = (text: string) => {
  const read = readPlan({ file: 'plan.yaml', text });
  return read.ok ? read.plan : null;
};
const planOf = (text: string) => {
  const plan = planIn(text);
  if (plan === null) throw new Error(`expected a plan, got ${text}`);
  return plan;
};
const exported = (text: string) => exportPlan(text, planOf(text), sha256);
const back = (issue: string) => importExported(issue, planIn, sha256);

test.each(shipped)('%s comes back letter by letter', (name) => {
  const text = readFileSync(new URL(name, folder), 'utf8');
  expect(back(exported(text))).toEqual({ text, fileEdited: false, unread: [] });
});

describe('whatever people write in a plan', () => {
  const words = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.string({
      unit: fc.constantFrom('`', '~', '\n', ' ', '<', '-', '@', '#', '|', '/', 'a', '\r'),
      minLength: 1,
    }),
    fc.constantFrom(
      '```\n<!-- interlock:plan end -->',
      '<details><summary>The plan as a file</summary>',
      '</details>\n<!-- interlock:plan begin -->',
      '/close\n@all <img src=x onerror=alert(1)>',
    ),
  );
  const texts = fc
    .record({ title: words, description: words, objective: words, step: words, argument: words })
    .map(({ title, description, objective, step, argument }) =>
      planText({
        set: { title, description, objective, 'steps.0.name': step, 'steps.0.command.3': argument },
      }),
    )
    .filter((text) => planIn(text) !== null);

  test('comes back with the same digest, the same values and the same letters', () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (text, windows) => {
        const issue = windows ? exported(text).replace(/\r?\n/g, '\r\n') : exported(text);
        const read = back(issue);
        if (!text.includes('\r')) expect(read).toEqual({ text, fileEdited: false, unread: [] });
        const plan = planOf(read?.text ?? '');
        if (!windows || !text.includes('\r')) {
          expect(plan).toEqual(planOf(text));
          expect(digestPlan(plan, sha256)).toEqual(digestPlan(planOf(text), sha256));
        }
      }),
      { numRuns: 30 },
    );
  });

  test('is no markup, no name and no action for the tracker', () => {
    const issue = exported(
      planText({
        set: {
          title: '<img src=x> [a](javascript:b) @all #12 ~label',
          description: 'first\n/close\n@rhea <!-- interlock:plan end -->',
        },
      }),
    );
    const shown = issue.slice(0, issue.indexOf('<details>'));
    expect(shown).toContain('## &lt;img src=x&gt; \\[a\\](javascript:b) @<!-- -->all \\#12 \\~label');
    expect(shown).not.toMatch(/^\/close|<img|@rhea/m);
    expect(back(issue)?.unread).toEqual([]);
  });
});

describe('what people edit in the issue is seen', () => {
  const text = planText();
  const issue = exported(text);
  const lineOf = (part: string) => issue.split('\n').findIndex((line) => line.includes(part)) + 1;

  test('in the part for people: each line, by its number', () => {
    const edited = issue.replace('- **Downtime**: 0 s', '- **Downtime**: 5 min\n- Also restart the cache.');
    const at = lineOf('**Downtime**');
    const because = expect.stringContaining('by hand; the plan is the file below');
    expect(back(edited)).toEqual({
      text,
      fileEdited: false,
      unread: [
        { line: at, text: '- **Downtime**: 0 s', because },
        { line: at, text: '- **Downtime**: 5 min', because },
        { line: at + 1, text: '- Also restart the cache.', because },
      ],
    });
  });

  test('in the file: it is that text', () => {
    const edited = issue.replace('downtime: 0 min', 'downtime: 5 min');
    const read = back(edited);
    expect(read).toMatchObject({ fileEdited: true, unread: [] });
    expect(planOf(read?.text ?? '').downtime).toBe(300_000);
  });

  test('around it: people’s own, and named', () => {
    const read = back(`Seen by rhea.\n${issue}\nTo do: ask rolf.\n`);
    expect(read?.text).toBe(text);
    expect(read?.unread.map(({ line, text: own }) => [line, own])).toEqual([
      [1, 'Seen by rhea.'],
      [issue.split('\n').length + 2, 'To do: ask rolf.'],
    ]);
  });

  test('at the markers, or a second plan: no plan passes silently', () => {
    expect(back(issue.replace('interlock:plan end', 'end'))).toMatchObject({ text: '', fileEdited: true });
    expect(back(issue.replace(/file=[0-9a-f]{4}/, 'file='))).toMatchObject({ text: '', fileEdited: true });
    expect(back(`${issue}${issue}`)?.unread[0]?.because).toContain('expected one plan');
    expect(back('Nothing of ours.')).toBeNull();
  });
});

test('our words above a plan are known again, until somebody edits them', () => {
  const about = aboutText('**CHG-1** is `scheduled`.\n\n- one\n', sha256);
  const issue = `<!-- interlock:begin -->\n${about}\n${exported(planText())}<!-- interlock:end -->\n`;
  expect(back(issue)?.unread).toEqual([]);
  expect(back(issue.replaceAll('\n', '\r\n'))?.unread).toEqual([]);
  expect(back(issue.replace('- one', '- two'))?.unread.map(({ text }) => text)).toContain('- two');
  expect(back(`Ask rolf.\n${issue}`)?.unread).toMatchObject([{ line: 1, text: 'Ask rolf.' }]);
});
