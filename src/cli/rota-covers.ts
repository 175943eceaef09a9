import type { Command } from 'commander';
import { rotaName } from '../contract/people.ts';
import {
  cover,
  covers,
  duty,
  handOver,
  handOvers,
  type Cover,
  type HandOver,
} from '../contract/rota-covers.ts';
import { action } from './action.ts';
import { askAndTell, type Question, type Showing } from './ask-and-tell.ts';
import { choice } from './choice.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

interface OverrideOptions extends Showing {
  readonly person: string;
  readonly from: string;
  readonly to: string;
}

const aRota = choice('a rota', rotaName.options);

/** `interlock rota at|override|overrides|end-override|hand-over|hand-overs|accept|decline|withdraw` */
export function registerRotaCovers(rota: Command, context: CliContext): void {
  registerAt(rota, context);
  registerOverrides(rota, context);
  registerOverrideList(rota, context);
  registerHandOvers(rota, context);
  registerHandOverAnswers(rota, context);
}

function registerAt(rota: Command, context: CliContext): void {
  rota
    .command('at [instant]')
    .description('who is, or was, on duty at an instant; without one, now')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (instant: string | undefined, options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: `/api/v1/rota/at${instant === undefined ? '' : `?instant=${encodeURIComponent(instant)}`}`,
          answer: duty,
          lines: ({ instant: at, onDuty }) => [
            `on duty at ${at}: ${rotaName.options.map((name) => `${name} ${onDuty[name] ?? 'nobody'}`).join(', ')}`,
          ],
        }),
      ),
    );
}

function registerOverrides(rota: Command, context: CliContext): void {
  rota
    .command('override <rota>')
    .description('have somebody cover a part of a rota, whatever is planned there')
    .requiredOption('--person <account>', 'who answers in this time')
    .requiredOption('--from <instant>', 'when it begins')
    .requiredOption('--to <instant>', 'when it ends')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (name: string, { person, from, to, json }: OverrideOptions) =>
        askAndTell(context, shownAs(json), {
          method: 'POST',
          path: '/api/v1/rota/overrides',
          body: { rota: aRota(name), person, start: from, end: to },
          ...shownCover('covers'),
        }),
      ),
    );
  rota
    .command('end-override <number>')
    .description('end what covers a part of a rota; from now on it is as planned')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, options: Showing) =>
        askAndTell(context, options, {
          method: 'POST',
          path: `/api/v1/rota/overrides/${encodeURIComponent(id)}/end`,
          ...shownCover('no longer covers'),
        }),
      ),
    );
}

function registerOverrideList(rota: Command, context: CliContext): void {
  rota
    .command('overrides')
    .description('what covers parts of the rotas from now on')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: '/api/v1/rota/overrides',
          answer: covers,
          lines: (list) =>
            table([
              ['NUMBER', 'ROTA', 'PERSON', 'FROM', 'UNTIL', 'SET BY'],
              ...list.covers.map((one) => [one.id, one.rota, one.person, one.start, one.end, one.setBy]),
            ]),
        }),
      ),
    );
}

function registerHandOvers(rota: Command, context: CliContext): void {
  rota
    .command('hand-over <rota>')
    .description('offer the rest of your shift to somebody; you are on duty until they accept')
    .requiredOption('--to <account>', 'who is asked')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (name: string, { to, json }: Showing & { readonly to: string }) =>
        askAndTell(context, shownAs(json), {
          method: 'POST',
          path: '/api/v1/rota/hand-overs',
          body: { rota: aRota(name), to },
          ...shownHandOver,
        }),
      ),
    );
  rota
    .command('hand-overs')
    .description('hand-overs of the last month, the newest first')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: '/api/v1/rota/hand-overs',
          answer: handOvers,
          lines: (list) => (list.handOvers.length === 0 ? ['none'] : list.handOvers.map(handOverText)),
        }),
      ),
    );
}

function registerHandOverAnswers(rota: Command, context: CliContext): void {
  const acts = {
    accept: 'accept the rest of a shift that you were offered',
    decline: 'decline what you were offered',
    withdraw: 'withdraw your own offer',
  };
  for (const [act, description] of Object.entries(acts)) {
    rota
      .command(`${act} <hand-over>`)
      .description(description)
      .option('--json', 'print the answer as JSON')
      .action(
        action(context, (id: string, options: Showing) =>
          askAndTell(context, options, {
            method: 'POST',
            path: `/api/v1/rota/hand-overs/${encodeURIComponent(id)}/${act}`,
            ...shownHandOver,
          }),
        ),
      );
  }
}

function shownAs(json: boolean | undefined): Showing {
  return json === undefined ? {} : { json };
}

function shownCover(how: string): Pick<Question<Cover>, 'answer' | 'lines'> {
  return {
    answer: cover,
    lines: ({ id, rota, person, start, end }) => [
      `override ${id}: ${person} ${how} ${rota} from ${start} until ${end}`,
    ],
  };
}

const shownHandOver: Pick<Question<HandOver>, 'answer' | 'lines'> = {
  answer: handOver,
  lines: (one) => [handOverText(one)],
};

function handOverText({ id, rota, giver, receiver, until, answer }: HandOver): string {
  const state = answer ?? `waits for ${receiver}; ${giver} stays on duty until then`;
  return `${id}: ${rota} until ${until}, ${giver} to ${receiver}: ${state}`;
}
