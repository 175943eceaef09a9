import type { Plan } from '../../contract/plan.ts';
import { yamlText } from '../../documents/write.ts';
import type { Hash } from '../../kernel/ledger/hash.ts';
import { blocksOf } from './blocks.ts';
import { draftOf } from './draft.ts';
import { importExported } from './export.ts';
import { nothingHeard } from './heard.ts';
import { hearBlocks } from './sections.ts';
import type { Unread } from './unread.ts';

/** What an issue becomes. */
export type ImportedIssue =
  /** It held a plan of ours, between its markers: that very text. */
  | {
      readonly from: 'export';
      readonly text: string;
      readonly fileEdited: boolean;
      readonly unread: readonly Unread[];
    }
  /** It followed a template of a tracker: a draft. */
  | { readonly from: 'template'; readonly text: string; readonly unread: readonly Unread[] }
  /** It is neither. */
  | { readonly from: 'neither'; readonly because: string };

interface Reading {
  /** The issue's own title, where it is known. */
  readonly title?: string | undefined;
  /** What a plan file says; `null` where it says nothing that can be read. */
  readonly read: (text: string) => Plan | null;
  readonly hash: Hash;
}

/** Makes a plan of a change issue. Everything of it that is not in the plan is listed with its line. */
export function importIssue(issue: string, { title, read, hash }: Reading): ImportedIssue {
  const exported = importExported(issue, read, hash);
  if (exported?.text === '')
    return { from: 'neither', because: exported.unread[0]?.because ?? 'expected a plan between its markers' };
  if (exported) return { from: 'export', ...exported };
  const heard = nothingHeard();
  heard.title = title?.trim() || null;
  hearBlocks(heard, blocksOf(issue));
  const understood = heard.objective.length + heard.steps.length + heard.services.length + heard.team.length;
  if (understood === 0) {
    const because =
      'expected the plan of an export between its markers, or an issue of a change template, got neither';
    return { from: 'neither', because };
  }
  const unread = heard.unread.toSorted((a, b) => a.line - b.line);
  return { from: 'template', text: yamlText(draftOf(heard)), unread };
}
