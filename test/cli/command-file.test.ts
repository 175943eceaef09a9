import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { filesFor } from '../../src/cli/command-file.ts';
import type { CliContext } from '../../src/cli/context.ts';
import { COMMANDS } from '../../src/cli/program.ts';

/** What a command line loads, by the first name of each file. */
const loaded = (...argv: string[]) => filesFor(argv, COMMANDS).map(({ names }) => names[0]);

describe('a command line', () => {
  it.each([
    ['run', ['run', 'CHG-1', '--no-tmux']],
    ['login', ['whoami']],
    ['watch', ['--url', 'run', '--token-file=run', 'watch', 'CHG-1', '--help']],
  ])('loads the file of %s alone', (name, argv) => {
    expect(loaded(...argv)).toEqual([name]);
  });

  it.each([[[]], [['--help']], [['help', 'run']], [['rum']], [['--nothing', 'run']], [['--url', 'run']]])(
    'loads every file for %j',
    (argv) => {
      expect(loaded(...argv)).toHaveLength(COMMANDS.length);
    },
  );
});

describe('a file with commands', () => {
  it.each(COMMANDS.map((file) => [file.names.join(', '), file] as const))(
    'adds %s and nothing else',
    async (_names, { names, load }) => {
      const program = new Command('interlock');
      (await load()).register(program, {} as CliContext);
      expect(program.commands.map((command) => command.name()).toSorted()).toEqual([...names].toSorted());
    },
  );

  it('shares no name with another', () => {
    const names = COMMANDS.flatMap((file) => file.names);
    expect([...new Set(names)]).toEqual(names);
  });
});
