import { Button, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import type { MessageView } from '../../../src/contract/channel.ts';
import { Answered } from '../parts/answered.tsx';
import { useDraft } from '../parts/draft.ts';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Markdown } from '../parts/markdown.tsx';
import { Section } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { api, send } from '../server/api.ts';
import rows from '../parts/rows.module.css';

/** What was said about a request, in its order, and a word more. */
export function Discussion({ id }: { readonly id: string }) {
  const discussion = useQuery({
    queryKey: ['change', id, 'discussion'],
    queryFn: () => api<{ messages: MessageView[] }>(`/changes/${id}/discussion`),
  });
  return (
    <Section title="Discussion">
      <Answered query={discussion}>
        {({ messages }) =>
          messages.length === 0 ? (
            <Empty title="Nobody has written anything about it." />
          ) : (
            <ul className={rows['rows']} aria-label="Messages">
              {messages.map(({ id: message, person, at, body }) => (
                <li key={message}>
                  <div className={rows['line']}>
                    <strong>{person}</strong>
                    <Instant at={at} />
                  </div>
                  <Markdown text={body} />
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
      <Write id={id} />
    </Section>
  );
}

function Write({ id }: { readonly id: string }) {
  const [{ body }, change, forget] = useDraft(`discussion:${id}`, { body: '' });
  const queries = useQueryClient();
  const writing = useMutation({
    mutationFn: () => send('POST', `/changes/${id}/discussion`, { body }),
    onSuccess: async () => {
      change({ body: '' });
      forget();
      await queries.invalidateQueries({ queryKey: ['change', id, 'discussion'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (body.trim() !== '' && !writing.isPending) writing.mutate();
  };
  return (
    <form onSubmit={submit} data-print="hide">
      <Textarea
        mt="sm"
        label="A message"
        description="Markdown. It is no approval: that is given above."
        rows={3}
        value={body}
        onChange={({ currentTarget }) => change({ body: currentTarget.value })}
      />
      {writing.isError && <Problem error={writing.error} />}
      <Button mt="xs" type="submit" variant="default" loading={writing.isPending}>
        Write
      </Button>
    </form>
  );
}
