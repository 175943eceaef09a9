import { Button } from '@mantine/core';
import { LinkButton } from '../parts/link-button.tsx';
import { Problem } from '../parts/problem.tsx';
import { ApiError } from '../server/api.ts';

/** It was filed; what did not come about is its slot. */
export class NoSlot extends Error {
  readonly change: string;

  constructor(change: string, cause: unknown) {
    super(`${change} was opened; its slot could not be pencilled in.`, { cause });
    this.name = 'NoSlot';
    this.change = change;
  }
}

interface NotOpenedProps {
  readonly error: unknown;
  /** This text is another change than the one that was opened before. */
  readonly onAnother: () => void;
  readonly onLeave: () => void;
}

/** Why it was not opened, or not wholly, and what can be done. */
export function NotOpened({ error, onAnother, onLeave }: NotOpenedProps) {
  if (error instanceof NoSlot) {
    return (
      <>
        <p className="notice warn" role="alert">
          {error.message}
        </p>
        <Problem error={error.cause} />
        <LinkButton to="/changes/$id" params={{ id: error.change }} onClick={onLeave}>
          To {error.change}
        </LinkButton>
      </>
    );
  }
  if (error instanceof ApiError && error.code === 'conflict' && error.message.includes('key')) {
    return (
      <>
        <p className="notice warn" role="alert">
          An earlier press for this draft was taken, with another text. Look whether the newest change is it.
        </p>
        <LinkButton to="/changes" variant="default">
          Look at the changes
        </LinkButton>
        <Button variant="subtle" onClick={onAnother}>
          This is another change
        </Button>
      </>
    );
  }
  return <Problem error={error} />;
}
