import { Button, Group } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { Dialog } from '../parts/dialog.tsx';
import type { Kept } from './use-plan-draft.ts';

interface LeavingProps {
  /** Whether there is something that is not at the server. */
  readonly unsent: () => boolean;
  readonly kept: Kept;
  readonly onThrowAway: () => void;
}

/** Asks whoever leaves what they began: it is kept in this browser, and filed nowhere. */
export function Leaving({ unsent, kept, onThrowAway }: LeavingProps) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => unsent() && current.pathname !== next.pathname,
    enableBeforeUnload: unsent,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <Dialog title="Leave what you began?" onClose={blocker.reset}>
      <p>
        {kept.state === 'unkept'
          ? 'This browser has no room to keep it: it is lost if you leave.'
          : 'It stays in this browser, under New change, and is not at the server.'}
      </p>
      <Group gap="xs">
        <Button onClick={blocker.reset}>Stay</Button>
        <Button variant="default" onClick={blocker.proceed}>
          Leave
        </Button>
        <Button
          variant="subtle"
          onClick={() => {
            onThrowAway();
            blocker.proceed();
          }}
        >
          Throw it away and leave
        </Button>
      </Group>
    </Dialog>
  );
}
