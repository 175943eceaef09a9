import type { Unread } from './unread.ts';

/** What was understood of an issue so far; what the issue does not say stays `null` or empty. */
export interface Heard {
  title: string | null;
  objective: string[];
  criticality: string | null;
  services: string[];
  team: string[];
  executor: string | null;
  reviewers: string[];
  testedBefore: string | null;
  downtime: string | null;
  /** Minutes of the sections that say how long they take. */
  minutes: Partial<Record<'pre' | 'steps' | 'post' | 'rollback' | 'whole', string>>;
  preflight: HeardCheck[];
  steps: HeardStep[];
  postchecks: HeardCheck[];
  rollback: HeardStep[];
  watch: { name: string; graph: string | null; rollBack: string | null }[];
  readonly unread: Unread[];
}

export type Action =
  | { readonly command: readonly string[] }
  | { readonly shell: string }
  | { readonly manual: { readonly instructions: string; readonly confirm: string } };

export interface HeardStep {
  readonly name: string;
  /** `null` as long as nothing was said that can be executed. */
  action: Action | null;
  readonly section: 'pre' | 'steps' | 'rollback';
  readonly before: HeardCheck[];
  readonly after: HeardCheck[];
}

/** A check as a plan has it, with placeholders where no program could compare. */
export interface HeardCheck {
  readonly name: string;
  readonly postgres?: { readonly urlFrom: string; readonly query: string };
  readonly command?: { readonly argv: readonly string[]; readonly measure: 'stdout' };
  readonly expect: { readonly equals: string };
}

export function nothingHeard(): Heard {
  return {
    title: null,
    objective: [],
    criticality: null,
    services: [],
    team: [],
    executor: null,
    reviewers: [],
    testedBefore: null,
    downtime: null,
    minutes: {},
    preflight: [],
    steps: [],
    postchecks: [],
    rollback: [],
    watch: [],
    unread: [],
  };
}
