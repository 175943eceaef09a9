import { Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ActButton } from '../parts/act-button.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { askMe, askSetup } from '../server/questions.ts';
import { useDismissed } from './dismissed.ts';

/** Tells an administrator what is left to set up, until nothing is or they do not want to be told. */
export function SetupBanner() {
  const me = useQuery(askMe).data;
  const [dismissed, dismiss] = useDismissed(me?.name);
  const shown = !dismissed && me?.roles.includes('admin') === true;
  const setup = useQuery({ ...askSetup, enabled: shown }).data;
  if (!shown || setup === undefined || setup.done) return null;
  const missing = setup.steps.filter(({ done }) => !done);
  return (
    <section className="notice" aria-label="Setting up" data-print="hide">
      <p>
        <strong>
          {setup.steps.length - missing.length} of {setup.steps.length} are set up.
        </strong>{' '}
        Next: {missing[0]?.title}.
      </p>
      <Group gap="sm">
        <LinkButton to="/setup" size="xs">
          What is left to set up
        </LinkButton>
        <ActButton always size="xs" variant="subtle" onPress={() => dismiss(true)}>
          Do not show this again
        </ActButton>
      </Group>
    </section>
  );
}
