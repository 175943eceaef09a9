import { formatInstant } from '../calendar/instant.ts';
import { deny, missing, pass, unknown, type Finding } from './finding.ts';
import type { Door } from './facts.ts';
import { are, lengthInWords, listed, waysOf } from './in-words.ts';
import type { Judged } from './judged.ts';
import { asks } from './question.ts';
import type { RuleId } from './rule.ts';
import { nobodyIsOn } from './unheard.ts';
import { judgeApproval, type WantedWays } from './ways.ts';

// The moment of the start: announcement, the EOC's word, and presence.

export function announced(question: Judged): Finding | null {
  const applies = asks(question, 'announced');
  if (applies === false) return null;
  if (applies === undefined) return missing('the criticality');
  const { announcedAt } = question.change;
  if (announcedAt === null)
    return deny('The start has to be announced in the production channel; it was not.');
  if (announcedAt > question.at) {
    return deny(
      `The start has to be announced in the production channel; the announcement is dated ${formatInstant(announcedAt)}, which is later than now.`,
    );
  }
  return pass(`The start was announced in the production channel at ${formatInstant(announcedAt)}.`);
}

/** A word of the EOC that a rule wants, and how it is said. */
type Word = { readonly wanted: WantedWays; readonly given: string; readonly needs: string };

function word(via: Door, how: string): Word {
  return {
    wanted: { ways: waysOf([['eoc']]), for: 'start', via },
    given: `The EOC on duty approved the start ${how}`,
    needs: `The EOC on duty has to approve the start ${how}`,
  };
}

const ON_ISSUE = word('issue', 'in writing on the issue');
const IN_CHAT = word('chat', 'in writing in chat');
const BY_VOICE = word('voice', 'by voice');

export function eocWrittenIssue(question: Judged): Finding | null {
  return startApprovedBy(question, 'eoc-written-issue', ON_ISSUE);
}

export function eocWrittenChat(question: Judged): Finding | null {
  return startApprovedBy(question, 'eoc-written-chat', IN_CHAT);
}

function startApprovedBy(question: Judged, rule: RuleId, words: Word): Finding | null {
  const applies = asks(question, rule);
  if (applies === false) return null;
  return applies === undefined ? missing('the criticality') : judgeApproval(question, words.wanted, words);
}

export function eocVerbal(question: Judged): Finding | null {
  const approved = startApprovedBy(question, 'eoc-verbal', BY_VOICE);
  if (approved === null || question.ceremony === undefined) return approved;
  const joined = question.change.situationRoomJoinedAt;
  if (joined === null) return deny('The Situation Room has to be joined for the voice approval; it was not.');
  if (joined > question.at) {
    return deny(
      `The Situation Room has to be joined for the voice approval; joining is dated ${formatInstant(joined)}, which is later than now.`,
    );
  }
  return approved;
}

export function eocEngaged(question: Judged): Finding | null {
  const applies = asks(question, 'eoc-engaged');
  if (applies === false) return null;
  if (applies === undefined) return missing('the criticality');
  const { persons, maybeOthers } = question.duty.eoc;
  const limit = question.policy.limits.eocSeenWithinMs;
  const wanted = `The EOC has to be seen within ${lengthInWords(limit)}`;
  if (persons.length === 0)
    return unknown(`${wanted}; ${nobodyIsOn(question.facts, 'eoc', { maybeOthers, when: 'now' })}.`);
  const seen = question.change.eocSeen;
  if (seen === null)
    return deny(`${wanted}; ${listed(persons)} ${persons.length === 1 ? 'was' : 'were'} not seen.`);
  return judgePresence(seen, { wanted, limit, at: question.at, persons, maybeOthers });
}

type Presence = {
  readonly wanted: string;
  readonly limit: number;
  readonly at: number;
  readonly persons: readonly string[];
  readonly maybeOthers: boolean;
};

function judgePresence(seen: NonNullable<Judged['change']['eocSeen']>, presence: Presence): Finding {
  const { wanted, at, limit, persons } = presence;
  if (seen.at !== undefined && seen.at > at) {
    return deny(
      `${wanted}; the sign of presence is dated ${formatInstant(seen.at)}, which is later than now.`,
    );
  }
  if (seen.at !== undefined && at - seen.at > limit) {
    return deny(`${wanted}; ${seen.person ?? 'somebody'} was last seen at ${formatInstant(seen.at)}.`);
  }
  if (seen.person === undefined) return missing('who was seen');
  if (!persons.includes(seen.person)) {
    if (presence.maybeOthers) return missing('whether the person seen is EOC now');
    return deny(`${wanted}; ${seen.person} was seen, but ${listed(persons)} ${are(persons.length)} EOC now.`);
  }
  if (seen.at === undefined) return missing('when the EOC was seen');
  return pass(`${seen.person}, EOC on duty, was seen at ${formatInstant(seen.at)}.`);
}
