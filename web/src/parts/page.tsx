import { type ReactNode, useEffect, useRef } from 'react';
import { said } from './said.tsx';
import classes from './page.module.css';

interface PageProps {
  /** What the page is about; in the tab's title too. */
  readonly title: string;
  /** A short title for the tab, where the heading is long or a stranger's words. */
  readonly tab?: string;
  /** One line beneath the heading. */
  readonly lead?: ReactNode;
  /** Buttons beside the heading. */
  readonly acts?: ReactNode;
  readonly children: ReactNode;
}

/** A page: its heading, what can be done on it, its content. The heading takes the focus when one comes to it. */
export function Page({ title, tab = title, lead, acts, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${tab} · Interlock`;
  }, [tab]);
  useEffect(() => {
    // Not at the first page of all: there the reader begins at the top.
    if (document.activeElement !== document.body && history.state?.__TSR_index > 0) {
      heading.current?.focus({ preventScroll: true });
    }
  }, []);
  return (
    <>
      <div className={classes['head']}>
        <div>
          <h1 ref={heading} tabIndex={-1} className={classes['title']}>
            {said(title)}
          </h1>
          {lead !== undefined && <p className={classes['lead']}>{lead}</p>}
        </div>
        {acts !== undefined && (
          <div className={classes['acts']} data-print="hide">
            {acts}
          </div>
        )}
      </div>
      {children}
    </>
  );
}

interface SectionProps {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page under a heading of its own, found by its name. */
export function Section({ title, aside, children }: SectionProps) {
  return (
    <section aria-label={title} className={classes['section']}>
      <div className={classes['sectionHead']}>
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
