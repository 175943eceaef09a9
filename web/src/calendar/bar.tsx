import { Button, Group, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CRITICALITIES } from '../../../src/kernel/policy/facts.ts';
import { dayOf } from '../parts/band.tsx';
import { useShortcut } from '../parts/shortcut.ts';
import { serverNow } from '../server/clock.ts';
import { askNow } from '../server/questions.ts';
import { type CalendarSearch, dayText, stepped, type View, VIEWS } from './search.ts';

const VIEW_WORDS: Readonly<Record<View, string>> = { week: 'Week', month: 'Month', day: 'Day' };

/** What is shown: which time, which view, whose hours, where. */
export function Bar({
  search,
  view,
  dayMs,
}: {
  readonly search: CalendarSearch;
  readonly view: View;
  readonly dayMs: number;
}) {
  const navigate = useNavigate({ from: '/calendar' });
  const environments = useQuery(askNow).data?.environments.filter(({ operational }) => operational) ?? [];
  const go = (part: CalendarSearch) => void navigate({ search: (before) => ({ ...before, ...part }) });
  const step = (by: 1 | -1) => go({ day: dayText(stepped(view, dayMs, by)) });
  useShortcut('k', 'Back', () => step(-1));
  useShortcut('j', 'Next', () => step(1));
  useShortcut('t', 'Today', () => go({ day: dayText(dayOf(serverNow())) }));
  return (
    <Group gap="sm" align="end" mb="md" data-print="hide">
      <Group gap="xs" role="group" aria-label="Time">
        <Button variant="default" onClick={() => step(-1)}>
          Back
        </Button>
        <Button variant="default" onClick={() => go({ day: dayText(dayOf(serverNow())) })}>
          Today
        </Button>
        <Button variant="default" onClick={() => step(1)}>
          Next
        </Button>
      </Group>
      <Group gap="xs" role="group" aria-label="View">
        {VIEWS.map((one) => (
          <Button
            key={one}
            variant={one === view ? 'filled' : 'default'}
            aria-pressed={one === view}
            onClick={() => go({ view: one })}
          >
            {VIEW_WORDS[one]}
          </Button>
        ))}
      </Group>
      <Group gap="sm" wrap="nowrap">
        <NativeSelect
          label="Hours of"
          value={search.criticality ?? 'C2'}
          data={[...CRITICALITIES]}
          onChange={({ currentTarget }) => go({ criticality: currentTarget.value as 'C1' })}
        />
        <NativeSelect
          label="Environment"
          value={search.environment ?? ''}
          data={[{ value: '', label: 'all' }, ...environments.map(({ name }) => name)]}
          onChange={({ currentTarget }) => go({ environment: currentTarget.value })}
        />
      </Group>
    </Group>
  );
}
