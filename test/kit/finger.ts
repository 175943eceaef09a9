import type { CDPSession } from 'playwright-core';

/** What is touched, as the browser says where it lies. */
type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number } | null;

/** Puts a finger into the lower right corner of it, by the browser's own events of touch; it stays there. */
export async function holdDown(cdp: CDPSession, box: Box): Promise<void> {
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [corner(box)] });
}

export async function lift(cdp: CDPSession): Promise<void> {
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}

export async function tap(cdp: CDPSession, box: Box): Promise<void> {
  await holdDown(cdp, box);
  await lift(cdp);
}

/** As who scrolls sideways does. */
export async function swipe(cdp: CDPSession, box: Box): Promise<void> {
  const { x, y } = corner(box);
  await holdDown(cdp, box);
  for (const across of [10, 30, 60, 90])
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x: x - across, y }] });
  await lift(cdp);
}

function corner(box: Box) {
  if (!box) throw new Error('expected it to be drawn');
  return { x: box.x + box.width - 6, y: box.y + box.height - 6 };
}
