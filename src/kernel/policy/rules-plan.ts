import { formatInstant } from '../calendar/instant.ts';
import { DAY_MS } from '../calendar/hours.ts';
import { deny, missing, pass, unknown, type Finding } from './finding.ts';
import { are, numberOf } from './in-words.ts';
import type { Judged } from './judged.ts';
import { runsScript } from './question.ts';

// What the plan holds, and what its dry runs showed.

export function planComplete({ change }: Judged): Finding {
  const { complete } = change.plan;
  if (complete === undefined) return missing('whether the plan is complete');
  return complete
    ? pass('The plan has every section, filled in, and its rollback.')
    : deny(
        'The plan has to have every section filled in and a rollback plan; something is missing or still a placeholder.',
      );
}

export function preflightPresent({ change }: Judged): Finding {
  return atLeastOne(change.plan.preflightChecks, 'pre-flight check');
}

export function postcheckPresent({ change }: Judged): Finding {
  return atLeastOne(change.plan.postChecks, 'post-verification check');
}

function atLeastOne(count: number | undefined, what: string): Finding {
  if (count === undefined) return missing(`the number of ${what}s`);
  return count > 0
    ? pass(`At least one ${what} wanted, the plan has ${count}.`)
    : deny(`At least one ${what} wanted, the plan has none.`);
}

export function checksQuantified({ change }: Judged): Finding {
  const { unquantifiedChecks } = change.plan;
  if (unquantifiedChecks === undefined) return missing('the number of checks without a value to compare');
  return unquantifiedChecks === 0
    ? pass('Every check has a value to compare with.')
    : deny(
        `Every check needs a value to compare with; ${unquantifiedChecks} of the plan ${unquantifiedChecks === 1 ? 'has' : 'have'} none.`,
      );
}

export function noGlobs({ change }: Judged): Finding {
  const { wildcards } = change.plan;
  if (wildcards === undefined) return missing('the number of unresolved wildcards');
  return wildcards === 0
    ? pass('No step and no script holds an unresolved wildcard.')
    : deny(
        `Patterns have to be resolved to a reviewed list beforehand; the plan holds ${numberOf(wildcards, 'unresolved wildcard')}.`,
      );
}

export function dryRunAttached(question: Judged): Finding | null {
  const script = runsScript(question);
  if (script === false) return null;
  const finding = judgeDryRun(question);
  return script === undefined ? missing('whether it runs a script') : finding;
}

function judgeDryRun({ change, at, action, policy }: Judged): Finding {
  const { dryRun, plan } = change;
  const wanted = 'A script needs a successful dry run of this very plan';
  if (dryRun === null) return deny(`${wanted}; none is attached.`);
  if (dryRun.ok === false) return deny(`${wanted}; the one attached failed.`);
  if (dryRun.digest !== undefined && plan.digest !== undefined && dryRun.digest !== plan.digest) {
    return deny(`${wanted}; the one attached is of another version of it.`);
  }
  if (dryRun.at !== undefined && dryRun.at > at) {
    return deny(`${wanted}; the one attached is dated ${formatInstant(dryRun.at)}, which is later than now.`);
  }
  const limit = policy.limits.dryRunAgeMs;
  if (action === 'start' && dryRun.at !== undefined && at - dryRun.at > limit) {
    return deny(
      `${wanted}, at most ${numberOf(limit / DAY_MS, 'day')} old at the start; the one attached is of ${formatInstant(dryRun.at)}.`,
    );
  }
  if (dryRun.ok === undefined) return missing('whether the dry run succeeded');
  if (plan.digest === undefined) return missing('the digest of the plan');
  if (dryRun.digest === undefined) return missing('of which plan the dry run is');
  if (dryRun.at === undefined) return missing('when the dry run was made');
  return pass(`A successful dry run of this plan is attached, of ${formatInstant(dryRun.at)}.`);
}

export function dryRunUnchanged(question: Judged): Finding | null {
  const script = runsScript(question);
  if (script === false) return null;
  const twin = question.change.dryRunTwin;
  if (script === undefined) return missing('whether it runs a script');
  if (twin === null) return unknown('The dry run has to be repeated just before the start; it was not.');
  if (twin === 'different') {
    return deny(
      'The dry run repeated just before the start has to show what was approved; it differs, and the EOC and a reviewer have not both accepted that.',
    );
  }
  return pass(
    twin === 'same'
      ? 'The dry run repeated just before the start shows what was approved.'
      : 'The dry run repeated just before the start differs, and the difference was accepted.',
  );
}

export function targetsInEnvironment({ change }: Judged): Finding | null {
  const { targets } = change;
  if (targets === null) return null;
  const { count, outside, unproven } = targets;
  if (outside !== undefined && outside > 0) {
    return deny(
      `Every target has to be in ${change.environment ?? 'the environment'}; ${outside} of ${count ?? 'them'} ${are(outside)} outside.`,
    );
  }
  if (outside === undefined) return missing('how many targets are outside the environment');
  if (unproven === undefined) return missing('how many targets could not be proven to be in the environment');
  if (unproven > 0)
    return unknown(`Every target has to be proven to be in the environment; ${unproven} could not be.`);
  if (count === undefined) return missing('how many targets it names');
  return count === 0
    ? null
    : pass(
        count === 1
          ? 'Its one target is in the environment.'
          : `All ${count} targets are in the environment.`,
      );
}
