import { Button, Group } from '@mantine/core';
import type { CalendarSlot } from '../../../src/contract/calendar.ts';
import { Badge } from '../parts/badge.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Instant } from '../parts/instant.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { spanText } from '../parts/time.ts';
import { CHANGE_TONES } from '../parts/tones.ts';
import { mayMove } from './events.ts';

interface SlotCardProps {
  readonly slot: CalendarSlot;
  readonly inConflict: boolean;
  readonly onMove: () => void;
  readonly onClose: () => void;
}

/** What a slot is, and the way to its change; here it is moved without a pointer. */
export function SlotCard({ slot, inConflict, onMove, onClose }: SlotCardProps) {
  const { change, title, state, environment, services, criticality, executor, start, end, accepted } = slot;
  return (
    <Dialog title={`${change} ${title}`} onClose={onClose}>
      <p>
        <Instant at={start} /> to <Instant at={end} />, for {spanText(Date.parse(end) - Date.parse(start))}
      </p>
      <p>
        <Badge tone={CHANGE_TONES[state]}>{state}</Badge>{' '}
        {mayMove(slot) && !accepted && <Badge tone="quiet">only pencilled in</Badge>}{' '}
        {inConflict && <Badge tone="warn">in conflict with another one</Badge>}
      </p>
      <p>
        {criticality} in {environment}, on {services.join(', ')}, by {executor}
      </p>
      <Group gap="xs" mt="sm">
        <LinkButton to="/changes/$id" params={{ id: change }}>
          Open {change}
        </LinkButton>
        {mayMove(slot) && (
          <Button variant="default" onClick={onMove}>
            Move it
          </Button>
        )}
        <Button variant="subtle" onClick={onClose}>
          Close
        </Button>
      </Group>
    </Dialog>
  );
}
