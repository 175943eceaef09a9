import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { utcExactText } from '../parts/time.ts';
import type { Charted } from './chart.tsx';

/** A chart on a canvas. */
export interface ChartCanvas {
  show(charted: Charted): void;
  close(): void;
}

const HEIGHT_PX = 120;
const LEAST_S = 120;
const MOST_UPRIGHTS = 16;

/** Draws a metric over time with its thresholds as level lines and the beginning of each step as an upright one. */
export function openChart(element: HTMLElement, first: Charted): ChartCanvas {
  let charted = first;
  const colour = (token: string) => resolved(element, token);
  const axis = { stroke: colour('--quiet'), grid: { stroke: colour('--line'), width: 1 } };
  const plot = new UPlot(
    {
      width: element.clientWidth,
      height: HEIGHT_PX,
      legend: { show: false },
      cursor: { show: false },
      tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1_000), 'UTC'),
      scales: {
        x: { range: () => timeOf(charted) },
        y: { range: (_plot, low, high) => rangeOf(charted, low, high) },
      },
      axes: [
        {
          ...axis,
          space: 120,
          size: 30,
          values: (_plot, splits) => splits.map((one) => utcExactText(one * 1_000)),
        },
        { ...axis, size: 56 },
      ],
      series: [{}, { stroke: colour('--busy'), width: 2, points: { show: true, size: 4 } }],
      hooks: {
        draw: [
          (drawn) => {
            for (const { value, bad } of charted.thresholds) {
              level(drawn, value, colour(bad ? '--stop' : '--go'));
            }
            // Where steps follow each other closely, lines from top to bottom would be a wall.
            const part = charted.moments.length > MOST_UPRIGHTS ? 0.12 : 1;
            for (const at of charted.moments) upright(drawn, { at: at / 1_000, part }, colour('--quiet'));
          },
        ],
      },
    },
    dataOf(charted),
    element,
  );
  const sized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
  sized.observe(element);
  return {
    show: (next) => {
      charted = next;
      plot.setData(dataOf(next));
    },
    close: () => {
      sized.disconnect();
      plot.destroy();
    },
  };
}

function dataOf({ samples }: Charted): UPlot.AlignedData {
  return [samples.map(({ at }) => at / 1_000), samples.map(({ value }) => value)];
}

/** From the first step or sample on, and no less than two minutes. Seconds. */
function timeOf({ samples, moments }: Charted): [number, number] {
  const times = [...samples.map(({ at }) => at), ...moments].map((one) => one / 1_000);
  const from = Math.min(...times);
  return [from, Math.max(...times, from + LEAST_S)];
}

/** What is measured and what it is measured by are both in sight. */
function rangeOf({ thresholds }: Charted, low: number, high: number): [number, number] {
  const values = [low, high, ...thresholds.map(({ value }) => value)].filter((one) => Number.isFinite(one));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = (most - least || Math.abs(most) || 1) * 0.1;
  return [least - room, most + room];
}

function level(plot: UPlot, value: number, colour: string): void {
  const y = plot.valToPos(value, 'y', true);
  line(plot, colour, [plot.bbox.left, y, plot.bbox.left + plot.bbox.width, y]);
}

function upright(
  plot: UPlot,
  { at, part }: { readonly at: number; readonly part: number },
  colour: string,
): void {
  const x = plot.valToPos(at, 'x', true);
  if (x < plot.bbox.left || x > plot.bbox.left + plot.bbox.width) return;
  line(plot, colour, [x, plot.bbox.top, x, plot.bbox.top + plot.bbox.height * part]);
}

function line(
  { ctx }: UPlot,
  colour: string,
  [x, y, toX, toY]: readonly [number, number, number, number],
): void {
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(toX, toY);
  ctx.stroke();
  ctx.restore();
}

/** A canvas knows no variables: the colour that a token stands for here and now. */
function resolved(element: HTMLElement, token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
