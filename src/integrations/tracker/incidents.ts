import type { Seen } from '../../app/ports/connection.ts';
import type { Incidents, Looking } from '../../app/ports/on-call.ts';
import { SEVERITIES, type Severity } from '../../kernel/policy/facts.ts';
import { fromEvery, type Places } from './places.ts';

/** An issue as far as it may be an incident. */
export interface LabelledIssue {
  /** As the tracker names it: `group/project#12`. */
  readonly name: string;
  readonly title: string;
  readonly labels: readonly string[];
  readonly open: boolean;
}

/** How a tracker is asked for issues. */
export interface AskedIssues {
  /** All open ones of a place that may bear the label; a part of the list is none. */
  readonly labelled: (place: string, looking: Looking) => Promise<Seen<readonly LabelledIssue[]>>;
  readonly one: (name: string, looking: Looking) => Promise<Seen<LabelledIssue>>;
}

/**
 * The open issues of a tracker that bear a label are incidents. One that left the list is over where the tracker says of it that it is closed or
 * lost the label. Trackers compare labels without regard to case; ours is the one that the file names.
 */
export function labelledIncidents(places: Places, label: string, { labelled, one }: AskedIssues): Incidents {
  const isOpen = (issue: LabelledIssue) => issue.open && issue.labels.includes(label);
  return {
    open: async (looking) => {
      const seen = await fromEvery(places, (place) => labelled(place, looking));
      if (seen.kind !== 'seen') return seen;
      const found = seen.found.filter(isOpen).map(({ name, title, labels }) => ({
        key: name,
        shownAs: name,
        title,
        severity: severityOf(labels),
      }));
      return { kind: 'seen', found };
    },
    isOver: async (name, looking) => {
      const seen = await one(name, looking);
      return seen.kind === 'seen' ? { kind: 'seen', found: !isOpen(seen.found) } : seen;
    },
  };
}

/** The worst that its labels say, S1 where they say nothing. */
export function severityOf(labels: readonly string[]): Severity {
  const said = labels.map((label) => /^(?:severity::|S|severity::S)([1-4])$/i.exec(label)?.[1]);
  return SEVERITIES.find((severity) => said.includes(severity.slice(1))) ?? 'S1';
}
