import type { ReactNode } from 'react';

/** Drawings of 16 by 16 in the colour of the text around them; what they mean is said in words beside them. */
const DRAWINGS = {
  now: <path d="M5 1.5h6v13H5zM8 5h.01M8 11h.01" />,
  calendar: <path d="M2 3.5h12v10H2zM2 6.5h12M5 2v3M11 2v3" />,
  changes: <path d="M3 4h10M3 8h10M3 12h6" />,
  add: <path d="M8 3v10M3 8h10" />,
  runs: <path d="M4 3l8 5-8 5z" />,
  locks: <path d="M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5" />,
  rotas: <path d="M8 2a6 6 0 1 0 6 6M8 5v3l2 2M11 2h3v3" />,
  incidents: <path d="M8 2l6.5 11.5h-13zM8 6.5v3.5M8 12h.01" />,
  procedures: <path d="M4 2h8v12H4zM6 5h4M6 8h4M6 11h2" />,
  people: <path d="M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 14a5 5 0 0 1 10 0" />,
  bastions: <path d="M2 3h12v8H2zM6 14h4M4.5 6l1.5 1.5L4.5 9M8 9h3" />,
  integrations: <path d="M5 2v4M11 2v4M3.5 6h9v2.5a4.5 4.5 0 0 1-9 0zM8 13v2" />,
  policy: <path d="M8 1.5l5.5 2v4c0 3.5-2.3 5.8-5.5 7-3.2-1.2-5.5-3.5-5.5-7v-4z" />,
  ledger: <path d="M3 2.5h10v11H3zM6 2.5v11M8.5 6H11M8.5 9H11" />,
  menu: <path d="M2 4h12M2 8h12M2 12h12" />,
  sun: (
    <path d="M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1" />
  ),
  moon: <path d="M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z" />,
  system: <path d="M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12" />,
  search: <path d="M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.5 10.5L14 14" />,
  bell: <path d="M4 11V7a4 4 0 0 1 8 0v4l1 1.5H3zM6.5 14.5h3" />,
  silences: <path d="M4 11V7a4 4 0 0 1 6.5-3.1M12 7v4l1 1.5H5M6.5 14.5h3M2.5 2.5l11 11" />,
  close: <path d="M3.5 3.5l9 9M12.5 3.5l-9 9" />,
} as const satisfies Record<string, ReactNode>;

export type IconName = keyof typeof DRAWINGS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {DRAWINGS[name]}
    </svg>
  );
}
