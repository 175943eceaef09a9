import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ChangePage } from '../../../src/contract/change-lists.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Section } from '../parts/page.tsx';
import { CHANGE_TONES } from '../parts/tones.ts';
import { api } from '../server/api.ts';
import rows from '../parts/rows.module.css';

const MOST = 8;

/** Older changes, found by their words; their plan goes along, what was said and measured of them does not. */
export function OlderChanges() {
  const [text, setText] = useState('');
  const [words] = useDebouncedValue(text.trim(), 250);
  const found = useQuery({
    queryKey: ['changes', 'older', words],
    queryFn: () =>
      api<ChangePage>(
        `/changes?${new URLSearchParams({ limit: String(MOST), ...(words !== '' && { text: words }) })}`,
      ),
    placeholderData: (before) => before,
  });
  return (
    <Section title="An older change">
      <TextInput
        type="search"
        label="Find one"
        description="By words of its title, services, topics, targets or people. No approval, result or date goes along."
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        mb="sm"
      />
      <Answered query={found}>
        {({ changes }) =>
          changes.length === 0 ? (
            <p className="quiet">{words === '' ? 'No change was filed yet.' : 'No change is like that.'}</p>
          ) : (
            <ul className={rows['rows']} aria-label="Older changes">
              {changes.map(({ id, title, state, criticality, environment }) => (
                <li key={id}>
                  <div className={rows['line']}>
                    <span className={rows['title']}>
                      <Link to="/changes/new" search={{ from: id }}>
                        {id} {title}
                      </Link>
                    </span>
                    <Badge tone={CHANGE_TONES[state]}>{state}</Badge>
                  </div>
                  <div className={rows['more']}>
                    {criticality} in {environment}
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Section>
  );
}
