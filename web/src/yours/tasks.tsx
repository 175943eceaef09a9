import { Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { TaskView } from '../../../src/contract/notices.ts';
import { Act } from '../parts/act.tsx';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Away, Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { Said } from '../parts/said.tsx';
import { send } from '../server/api.ts';
import { About } from './about.tsx';
import { askTasksOf } from './questions.ts';
import rows from '../parts/rows.module.css';

/** What somebody has to catch up on, each with when it is due. */
export function Tasks({ owner }: { readonly owner: string }) {
  const tasks = useQuery(askTasksOf(owner));
  return (
    <Section title="To catch up on">
      <Answered query={tasks}>
        {(answer) =>
          answer.tasks.length === 0 ? (
            <Empty title="Nothing is left to catch up on." />
          ) : (
            <ul className={rows['rows']}>
              {answer.tasks.map((task) => (
                <li key={task.id}>
                  <OneTask task={task} />
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Section>
  );
}

function OneTask({ task }: { readonly task: TaskView }) {
  const { id, title, change, incident, dueAt, overdue } = task;
  const [note, setNote] = useState('');
  const about = change ?? incident;
  return (
    <>
      <div className={rows['line']}>
        <span className={rows['title']}>
          <Said text={title} />
        </span>
        <span>
          {overdue && <Badge tone="stop">overdue</Badge>} due <Away at={dueAt} />
        </span>
      </div>
      <div className={rows['more']}>
        {id}
        {about !== null && (
          <>
            , about <About object={change === null ? `incident/${about}` : `change/${about}`} />
          </>
        )}
        , due <Instant at={dueAt} />
      </div>
      <Act
        label="Done"
        object={id}
        size="xs"
        variant="default"
        weight="press"
        blocked={null}
        says={title}
        fields={
          <Textarea
            mt="sm"
            label="How it ended"
            description="May stay empty."
            rows={3}
            value={note}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
          />
        }
        act={() => send('POST', `/tasks/${id}/done`, note.trim() === '' ? {} : { note: note.trim() })}
      />
    </>
  );
}
