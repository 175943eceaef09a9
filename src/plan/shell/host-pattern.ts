import { type CommandWord, programName } from './pattern.ts';

/**
 * Tools that pick their own targets by a pattern, a group or a label, and how to tell which. `names` are the operands or
 * option values that have to be exact names of listed targets; `always` are options that can never be one.
 */
interface HostTool {
  readonly programs: readonly string[];
  /** The subcommands that pick targets; without it all do. */
  readonly subcommands?: readonly string[];
  /** Options whose value lists the targets. */
  readonly options: readonly string[];
  /** Whether the first operand, after a subcommand if there are some, lists the targets where no option does. */
  readonly operand: boolean;
  /** Options that pick by a query, a label, or everything. */
  readonly always: readonly string[];
  /** Other options that take a value, so that it is not read as an operand. */
  readonly valued: readonly string[];
}

const TOOLS: readonly HostTool[] = [
  {
    programs: ['knife'],
    subcommands: ['ssh', 'winrm', 'search', 'status', 'job'],
    options: [],
    operand: true,
    always: ['--search', '-s'],
    valued: ['-x', '--ssh-user', '-i', '-P', '-C', '-a', '-c', '-E', '-p', '-G'],
  },
  {
    programs: ['ansible'],
    options: ['-l', '--limit'],
    operand: true,
    always: [],
    valued: [
      '-i',
      '--inventory',
      '-m',
      '-a',
      '-u',
      '-f',
      '-e',
      '-t',
      '-T',
      '-c',
      '--become-user',
      '-M',
      '-P',
      '-B',
    ],
  },
  {
    programs: ['ansible-playbook'],
    options: ['-l', '--limit'],
    operand: false,
    always: [],
    valued: [],
  },
  {
    programs: ['pdsh', 'pdcp', 'rpdcp', 'clush', 'pssh', 'parallel-ssh', 'dsh'],
    options: ['-w', '-H', '--host', '-m'],
    operand: false,
    always: ['-a', '-g', '-G', '-A', '-h', '--hosts', '-P'],
    valued: ['-l', '-u', '-f', '-R', '-t'],
  },
  {
    programs: ['salt', 'salt-ssh'],
    options: ['-L', '--list'],
    operand: true,
    always: [
      '-G',
      '-E',
      '-N',
      '-C',
      '-I',
      '-S',
      '-P',
      '-J',
      '--grain',
      '--pcre',
      '--nodegroup',
      '--compound',
    ],
    valued: ['-t', '-b', '--out', '-c'],
  },
  {
    programs: ['kubectl', 'oc'],
    options: [],
    operand: false,
    always: ['-l', '--selector', '--field-selector', '--all', '-A', '--all-namespaces'],
    valued: [],
  },
];

const TOOL_OF = new Map(TOOLS.flatMap((tool) => tool.programs.map((program) => [program, tool] as const)));

/** Why a command picks its own targets, or `null` if it does not, or only exact names of `targets`. */
export function hostPatternOf(words: readonly CommandWord[], targets: ReadonlySet<string>): string | null {
  const start = words.findIndex((word) => TOOL_OF.has(programName(word)));
  const name = programName(words[start]);
  const tool = TOOL_OF.get(name);
  if (tool === undefined) return null;
  const rest = words.slice(start + 1);
  if (tool.subcommands && !tool.subcommands.includes(rest[0]?.value ?? '')) return null;
  const query = rest.find(({ value }) => tool.always.includes(optionName(value)));
  if (query) return `lets \`${name} ${query.value}\` pick the targets when it runs`;
  const named = optionValues(rest, tool.options);
  const lists = named.length > 0 || !tool.operand ? named : operandOf(rest, tool);
  if (lists.length === 0) {
    return tool.options.length === 0 ? null : `names no targets, so \`${name}\` takes them from elsewhere`;
  }
  const strange = lists
    .flatMap(({ value }) => value.split(/[\s,]+/))
    .filter((one) => !targets.has(hostOf(one)));
  return strange.length === 0
    ? null
    : `names \`${strange[0]}\` for \`${name}\`, which is no target of the plan but a pattern, a group or unlisted`;
}

const optionName = (value: string) => (value.startsWith('--') ? (value.split('=')[0] ?? value) : value);

/** `name:db-01` asks knife for exactly one node. */
const hostOf = (value: string) => value.replace(/^(name|fqdn|hostname):/, '').replace(/^[^@\s]+@/, '');

function optionValues(words: readonly CommandWord[], options: readonly string[]): readonly CommandWord[] {
  return words.flatMap((word, index) => {
    const inline = options.find((option) => option.startsWith('--') && word.value.startsWith(`${option}=`));
    if (inline) return [{ ...word, value: word.value.slice(inline.length + 1) }];
    const next = words[index + 1];
    return options.includes(word.value) && next ? [next] : [];
  });
}

function operandOf(words: readonly CommandWord[], tool: HostTool): readonly CommandWord[] {
  const operands = words.slice(tool.subcommands ? 1 : 0).filter(({ value }, index, all) => {
    return !value.startsWith('-') && !tool.valued.includes(all[index - 1]?.value ?? '');
  });
  return operands.slice(0, 1);
}
