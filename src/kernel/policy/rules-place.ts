import { deny, missing, pass, unknown, type Finding } from './finding.ts';
import type { Host } from './facts.ts';
import type { Judged } from './judged.ts';
import { runsScript } from './question.ts';
import { both, is, type Truth } from './truth.ts';

// From where it is run, and by whom.

export function runFromBastion(question: Judged): Finding | null {
  const { change, facts } = question;
  const { executableSteps } = change.plan;
  if (executableSteps === 0) return null;
  if (executableSteps === undefined) return missing('the number of executable steps');
  const { host } = facts;
  const where = change.environment ?? 'its environment';
  const wanted =
    change.deployment === null ? `a bastion of ${where}` : `a bastion or a registered deployer of ${where}`;
  if (host === null) return unknown(`Steps have to run from ${wanted}; the host is not known.`);
  const right = isRightHost(host, change);
  if (right === true) return pass(`Steps run from ${wanted}: ${host.name ?? 'this host'}.`);
  if (right === undefined)
    return missing(host.role === undefined ? 'the role of the host' : 'the environment of the change');
  const of = host.environment === null ? 'no environment' : host.environment;
  return deny(
    `Steps have to run from ${wanted}; ${host.name ?? 'this host'} is a ${host.role ?? 'host'} of ${of}.`,
  );
}

function isRightHost({ role, environment }: Host, change: Judged['change']): Truth {
  const there = is<string | null>(change.environment, environment);
  if (role === undefined) return there === false ? false : undefined;
  return both(role === 'bastion' || (role === 'deployer' && change.deployment !== null), there);
}

export function inMultiplexer(question: Judged): Finding | null {
  const script = runsScript(question);
  const { host } = question.facts;
  const fromBastion = host === null ? undefined : is(host.role, 'bastion');
  const applies = both(script, fromBastion);
  if (applies === false) return null;
  if (applies === undefined)
    return missing(script === undefined ? 'whether it runs a script' : 'the role of the host');
  const multiplexer = host?.multiplexer ?? null;
  return multiplexer === null
    ? deny(
        'A script runs inside a terminal multiplexer (tmux or screen), so that it outlives its connection; there is none.',
      )
    : pass(`The script runs inside ${multiplexer}.`);
}

export function plannerNotExecutor({ change }: Judged): Finding {
  const { author, authorIsBotOf, executor } = change;
  if (executor !== undefined && executor === author) {
    return deny(`Who executes should not be who wrote the request; ${executor} is both.`);
  }
  if (executor !== undefined && executor === authorIsBotOf) {
    return deny(`Who executes should not be who wrote the request; a bot of ${executor} wrote it.`);
  }
  if (author === undefined) return missing('who wrote the request');
  if (executor === undefined) return missing('who executes it');
  return pass(`${author} wrote the request, ${executor} executes it.`);
}
