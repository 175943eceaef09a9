import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Frame } from 'playwright-core';

/** The paths of every page, as the router has them. */
export async function everyPath(): Promise<readonly string[]> {
  const text = await readFile(path.resolve(import.meta.dirname, '../../web/src/router.tsx'), 'utf8');
  return [...text.matchAll(/^ {2}path: '([^']+)'/gm)].map(([, one]) => one ?? '');
}

/** The parts of a change's page. */
export async function everyPart(): Promise<readonly string[]> {
  const text = await readFile(path.resolve(import.meta.dirname, '../../web/src/change/parts.ts'), 'utf8');
  const parts = [...text.matchAll(/^ {2}\['(\w+)', '/gm)].map(([, one]) => one ?? '');
  if (!parts.includes('discussion')) throw new Error('expected the parts of a change where they were');
  return parts;
}

/** What the page has that it should not: something of a stranger's that ran, what a program wrote for programs, and what moves. */
export const ODD = `[
  globalThis.taken === undefined ? '' : 'ran',
  document.querySelector('[onerror], [onload], main script, img[src=x]') === null ? '' : 'became a part',
  ...[...document.querySelectorAll('body *')]
    .filter((one) => !one.closest('pre, code, textarea, script, style, [class*=markdown], .cm-editor'))
    .flatMap((one) => [...one.childNodes].filter(({ nodeType }) => nodeType === 3))
    .filter(({ data }) => /\\d{4}-\\d\\d-\\d\\dT\\d\\d:|\`[^\`]+\`/.test(data))
    .map(({ data }) => 'as it came: ' + data),
  ...document.getAnimations().filter((one) => one.playState === 'running').map(() => 'moves'),
].filter(Boolean)`;

/** How long what would move for nine seconds does, as the page's own styles have it. */
export const MOVES = `(() => {
  const one = document.body.appendChild(document.createElement('p'));
  Object.assign(one.style, { animation: 'appear 9s infinite', transition: 'all 9s' });
  const { animationDuration, transitionDuration } = getComputedStyle(one);
  one.remove();
  return [animationDuration, transitionDuration];
})()`;

/** Where what a frame shows is from; `null` too where the frame has gone: what stands for an object that is refused does by itself. */
export function originOf(frame: Frame): Promise<unknown> {
  return frame.evaluate('location.origin').catch((cause: unknown) => {
    if (frame.isDetached()) return 'null';
    throw cause;
  });
}
