import { deny, missing, pass, unknown, type Finding } from './finding.ts';
import type { RunningChange, Veto } from './facts.ts';
import { listed } from './in-words.ts';
import type { Judged } from './judged.ts';
import { isSevere } from './question.ts';
import { is, type Truth } from './truth.ts';
import { inWords } from './unheard.ts';

// What else is going on: incidents, other changes, vetoes.

export function noActiveIncident({ facts, emergency }: Judged): Finding {
  const silent = facts.unheard.filter(({ of }) => of === 'incidents' || of === undefined);
  // POLICY 6, of emergencies: "chat and tracker may be what is down: nothing here needs them". It says so of no other peer.
  const lost = silent.filter(({ tracker }) => !tracker || emergency === null);
  if (facts.incidents.length === 0 && lost.length === 0) return pass('No incident is active.');
  const active = facts.incidents.filter(({ status }) => status === 'active');
  const unclear = facts.incidents.filter(({ status }) => status === undefined);
  const others = active.filter(({ id }) => emergency === null || id !== emergency.incident);
  if (others.length > 0) {
    const names = others.map(
      ({ id, severity }) => `${id ?? 'one without an id'} (${severity ?? 'severity not known'})`,
    );
    return deny(`No incident may be active; ${listed(names)} ${others.length === 1 ? 'is' : 'are'}.`);
  }
  if (unclear.length > 0)
    return missing(`the status of ${listed(unclear.map(({ id }) => id ?? 'an incident'))}`);
  if (lost.length > 0) {
    const names = lost.map((one) => inWords(one, 'which has incidents for us')).join('; ');
    return unknown(
      `No incident may be active, and whether one is is not known: ${names}; make it answer, or take its incidents out of integrations.yaml.`,
    );
  }
  if (active.length > 0 && emergency !== null) {
    const deaf = silent.map((one) => `; ${inWords(one, 'a tracker, which no emergency waits for')}`).join('');
    return {
      verdict: 'excepted',
      because: `Only ${emergency.incident} is active, which this change resolves, by EOC and IMOC${deaf}.`,
    };
  }
  return pass('No incident is active.');
}

/** The other changes that run. In an emergency, those that EOC and IMOC suspended make way. */
function othersOf({ facts, change, emergency }: Judged): readonly RunningChange[] {
  if (facts.running.length === 0) return facts.running;
  return facts.running.filter(
    ({ id, suspended }) => (id === undefined || id !== change.id) && !(suspended && emergency !== null),
  );
}

/** Whether a running change surely is another one; at `ask` there is no change yet that it could be. */
function isOther({ change, action }: Judged, { id }: RunningChange): boolean {
  return action === 'ask' ? true : id !== undefined && change.id !== undefined;
}

function named(changes: readonly RunningChange[]): string {
  return listed(
    changes.map(({ id, severity }) => `${id ?? 'one without an id'} (${severity ?? 'severity not known'})`),
  );
}

export function exclusive(question: Judged): Finding {
  const others = othersOf(question);
  const { severity } = question.change;
  const severe = isSevere(question, severity);
  const inTheWay = others.filter((other) => severe === true || isSevere(question, other.severity) === true);
  const wanted =
    severe === true
      ? `A change of severity ${severity} runs alone`
      : 'Nothing runs beside a change that has to run alone';
  if (inTheWay.some((other) => isOther(question, other)))
    return deny(`${wanted}; running: ${named(inTheWay)}.`);
  if (inTheWay.length > 0) return missing('whether the running change is another one');
  if (severe === undefined) return missing('the severity');
  if (others.some((other) => other.severity === undefined))
    return missing(`the severity of what runs, ${named(others)}`);
  return pass(
    others.length === 0 ? `${wanted}; nothing else runs.` : `${wanted}; running: ${named(others)}.`,
  );
}

export function awareness(question: Judged): Finding | null {
  const { change, action } = question;
  const severe = isSevere(question, change.severity);
  if (severe === true) return null;
  if (severe === undefined) return advisoryAt(action, missing('the severity'));
  const others = othersOf(question).filter((other) => isSevere(question, other.severity) !== true);
  if (others.length === 0) return null;
  const unseen = others.filter(({ id }) => id === undefined || !change.acknowledges.includes(id));
  if (unseen.length === 0) return pass(`The starter knows of ${named(others)}.`);
  const sure = unseen.some((other) => other.severity !== undefined && isOther(question, other));
  const because = `Who starts has to know of every change that runs; not acknowledged: ${named(unseen)}.`;
  return advisoryAt(action, sure ? deny(because) : unknown(because));
}

function advisoryAt(action: Judged['action'], finding: Finding): Finding {
  return action === 'ask' ? { verdict: 'warn', because: finding.because } : finding;
}

export function eocVeto(question: Judged): Finding {
  const { facts, action } = question;
  const standing: Veto[] = [];
  const unclear: Veto[] = [];
  for (const veto of facts.vetoes) {
    const stands = vetoStands(question, veto);
    if (stands === true) standing.push(veto);
    else if (stands === undefined) unclear.push(veto);
  }
  const stopping = action === 'rollback' ? standing.filter(({ stopsRollback }) => stopsRollback) : standing;
  if (stopping.length > 0) return deny(`No veto of an EOC may stand; ${vetoNames(stopping)}.`);
  const unclearStopping =
    action === 'rollback' ? unclear.filter(({ stopsRollback }) => stopsRollback) : unclear;
  if (unclearStopping.length > 0) return missing('what a veto is on, and since when');
  const others = [...standing, ...unclear];
  if (others.length === 0) return pass('No veto of an EOC stands.');
  return { verdict: 'warn', because: `A veto stands that does not stop rollbacks; ${vetoNames(others)}.` };
}

function vetoStands({ at, change, action }: Judged, veto: Veto): Truth {
  const lifted =
    veto.liftedAt !== null && veto.liftedAt <= at && veto.at !== undefined && veto.liftedAt >= veto.at;
  if (lifted || (veto.at !== undefined && veto.at > at)) return false;
  const concerns = concernsThis(veto.change, change.id, action);
  if (concerns === false) return false;
  return veto.at === undefined ? undefined : concerns;
}

function concernsThis(vetoed: string | undefined, id: string | undefined, action: Judged['action']): Truth {
  if (vetoed === undefined) return undefined;
  if (vetoed === '*') return true;
  // A pipeline that asks has no change yet, so that no veto of a change can be on it.
  return id === undefined ? (action === 'ask' ? false : undefined) : is(id, vetoed);
}

function vetoNames(vetoes: readonly Veto[]): string {
  const names = vetoes.map(
    ({ by, change }) =>
      `${by ?? 'somebody'} vetoed ${change === undefined ? 'something' : change === '*' ? 'every change' : change}`,
  );
  return listed([...new Set(names)]);
}
