import type { Duty } from './facts.ts';
import { isBlank } from './blank.ts';
import { kindNotKnown } from './effective-kind.ts';
import { deny, missing, pass, unknown, type Finding } from './finding.ts';
import { listed, title } from './in-words.ts';
import type { Judged } from './judged.ts';
import { isSevere } from './question.ts';
import { both } from './truth.ts';
import { nobodyIsOn } from './unheard.ts';

// Who leads the change, who speaks for it, and where they meet.

export function emocAssigned(question: Judged): Finding | null {
  const { change, kind } = question;
  const severe = isSevere(question, change.severity);
  const { emoc } = change;
  if (emoc === null) {
    if (severe === false) return null;
    if (severe === undefined) return missing('the severity');
    return deny(`A change of severity ${change.severity} needs an event manager; none is named.`);
  }
  if (kind.maintenance === undefined) return kindNotKnown(kind);
  const found = leads(question, emoc, kind.maintenance);
  // The wrong one is wrong at every severity.
  return severe === undefined && found.verdict === 'pass' ? missing('the severity') : found;
}

function leads(question: Judged, emoc: string, maintenance: boolean): Finding {
  const { change, policy } = question;
  const holder = maintenance ? policy.emoc.maintenance : policy.emoc.service;
  const what = maintenance ? 'a maintenance change' : 'a service change';
  if (holder === 'executor') return leadsAsExecutor(emoc, change.executor, what);
  const wanted = `The event manager of ${what} is the ${title(holder)} on duty`;
  return leadsOnDuty(question, emoc, { wanted, rota: holder });
}

function leadsAsExecutor(emoc: string, executor: string | undefined, what: string): Finding {
  const wanted = `The event manager of ${what} is its executor`;
  if (executor === undefined) return missing('the executor');
  return emoc === executor ? pass(`${wanted}, ${emoc}.`) : deny(`${wanted}, ${executor}; named is ${emoc}.`);
}

function leadsOnDuty(
  question: Judged,
  person: string,
  { wanted, rota }: { readonly wanted: string; readonly rota: Duty },
): Finding {
  const { persons, maybeOthers } = question.duty[rota];
  if (persons.includes(person)) return pass(`${wanted}, ${person}.`);
  if (persons.length === 0) {
    return unknown(`${wanted}; ${nobodyIsOn(question.facts, rota, { maybeOthers, when: 'now' })}.`);
  }
  if (maybeOthers) return missing(`who is on the ${title(rota)} rota now`);
  return deny(`${wanted}, ${listed(persons)}; named is ${person}.`);
}

export function cmocAssigned(question: Judged): Finding | null {
  const { change, kind, facts } = question;
  const applies = both(kind.maintenance, isSevere(question, change.severity));
  if (applies === false) return null;
  if (applies === undefined) {
    return change.severity === undefined ? missing('the severity') : kindNotKnown(kind);
  }
  const { cmoc } = change;
  if (cmoc === null)
    return deny(`Maintenance of severity ${change.severity} needs a communications manager; none is named.`);
  if (facts.rota === undefined) return missing('the CMOC rota');
  const lost = facts.unheard.some(({ of }) => of === 'cmoc' || of === undefined);
  if (!facts.rota.cmoc.kept && !lost)
    return pass(`${cmoc} is communications manager; there is no CMOC rota.`);
  return leadsOnDuty(question, cmoc, {
    wanted: 'The communications manager has to be on duty now',
    rota: 'cmoc',
  });
}

export function bridgeOpen(question: Judged): Finding | null {
  const { severity, bridge } = question.change;
  const severe = isSevere(question, severity);
  if (severe === false) return null;
  if (severe === undefined) return missing('the severity');
  return bridge === null || isBlank(bridge)
    ? deny(`A change of severity ${severity} needs a change bridge (a call link); it has none.`)
    : pass('The change bridge is there.');
}
