import type { Client } from './client.ts';
import type { Programs } from './programs.ts';

/** What a command touches of the world, passed in so that a test can be the terminal. */
export type CliContext = {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly readStdin: () => Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** Whether a person sits at the terminal. */
  readonly interactive: boolean;
  /** Sets the exit status: 0 done or allowed, 1 failed, 2 refused by policy, 3 invalid input. */
  readonly exit: (status: number) => void;
  /** The server, with the credentials of the person who runs this. */
  readonly client: () => Client;
  /** The server by the key of this bastion and the login here, for what stops work; `null` where this is none. */
  readonly stopping: () => Client | null;
  /** What `main` wires and a command runs. */
  readonly programs: Programs;
};
