import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { ChartCanvas } from './chart-canvas.ts';

/** A metric as it was measured, and what it is measured by. Instants are epoch milliseconds. */
export interface Charted {
  readonly samples: readonly {
    readonly at: number;
    /** `null`: no number was to be had, a gap. */
    readonly value: number | null;
  }[];
  /** `bad`: a change is rolled back there; otherwise the edge of what is right. */
  readonly thresholds: readonly { readonly value: number; readonly bad: boolean }[];
  /** When steps began. */
  readonly moments: readonly number[];
}

/** A chart; what it shows is said in words beside it, so that it is an image to who does not see it. */
export function Chart(props: ChartProps) {
  // Its colours are those of the scheme it is drawn in.
  return <Drawn key={useComputedColorScheme('light')} {...props} />;
}

interface ChartProps {
  readonly label: string;
  readonly charted: Charted;
}

function Drawn({ label, charted }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<ChartCanvas | null>(null);
  const latest = useRef(charted);
  useEffect(() => {
    latest.current = charted;
    canvas.current?.show(charted);
  });
  useEffect(() => {
    let gone = false;
    void import('./chart-canvas.ts').then(({ openChart }) => {
      if (gone || !place.current) return;
      canvas.current = openChart(place.current, latest.current);
    });
    return () => {
      gone = true;
      canvas.current?.close();
      canvas.current = null;
    };
  }, [place, canvas, latest]);
  return <div ref={place} role="img" aria-label={label} />;
}
