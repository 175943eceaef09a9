import { Button, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { HandOffView } from '../../../src/contract/hand-offs.ts';
import type { HandOff } from '../../../src/contract/runs.ts';
import { Act } from '../parts/act.tsx';
import { Badge } from '../parts/badge.tsx';
import { useDraft } from '../parts/draft.ts';
import { Instant } from '../parts/instant.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Sought } from '../parts/sought.tsx';
import { RUN_TONES } from '../parts/tones.ts';
import { api, send } from '../server/api.ts';
import { HandOffRecords } from './records.tsx';
import classes from './hand-off.module.css';

/** The hand-off of a run: drafted from the records, edited, sent, and accepted by whoever is on call next. */
export function HandOffPage() {
  const { run } = useParams({ from: '/runs/$run/hand-off' });
  const handOff = useQuery({
    queryKey: ['run', run, 'hand-off'],
    queryFn: () => api<HandOffView>(`/runs/${encodeURIComponent(run)}/hand-off`),
  });
  return (
    <Sought kind="run" id={run} query={handOff}>
      {(answer) => <OneHandOff handOff={answer} />}
    </Sought>
  );
}

function OneHandOff({ handOff }: { readonly handOff: HandOffView }) {
  const { facts, written } = handOff;
  return (
    <Page
      title={`Hand-off of ${facts.run}`}
      lead={
        <>
          <Badge tone={RUN_TONES[facts.state]}>{facts.state}</Badge>{' '}
          <Link to="/runs/$run" params={{ run: facts.run }}>
            The run
          </Link>
          ,{' '}
          <Link to="/changes/$id" params={{ id: facts.change }}>
            the change
          </Link>
        </>
      }
    >
      <div className={classes['columns']}>
        {written === null ? <Writing handOff={handOff} /> : <Written handOff={handOff} written={written} />}
        <HandOffRecords facts={written?.facts ?? facts} />
      </div>
    </Page>
  );
}

/** Lines of the note as one text; empty ones are left out. */
const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** States in which a run does something still. */
const UNDER_WAY: ReadonlySet<string> = new Set(['preflight', 'running', 'verifying', 'rolling-back']);

function Writing({ handOff: { facts, draft, whyNotWrite } }: { readonly handOff: HandOffView }) {
  const [fresh, setFresh] = useState(0);
  return (
    <Section
      title="The note"
      aside={
        <Button
          variant="default"
          size="xs"
          onClick={() => {
            sessionStorage.removeItem(`draft:${nameOf(facts.run)}`);
            setFresh(fresh + 1);
          }}
        >
          Draft it anew
        </Button>
      }
    >
      <p className="quiet">
        Drafted from the records as they are now. Edit it: whoever is on call next reads it, and accepts it.
      </p>
      {UNDER_WAY.has(facts.state) && (
        <p className="notice warn">
          The run still goes on, and a note is written once: what happens from now on is not in it.
        </p>
      )}
      <Form key={fresh} run={facts.run} draft={draft} blocked={whyNotWrite} />
    </Section>
  );
}

const nameOf = (run: string) => `hand-off of ${run}`;

interface FormProps {
  readonly run: string;
  readonly draft: HandOff;
  readonly blocked: string | null;
}

function Form({ run, draft, blocked }: FormProps) {
  const [note, change, forget] = useDraft(nameOf(run), {
    state: draft.state,
    silences: draft.silences.join('\n'),
    graphs: draft.graphs.join('\n'),
  });
  const lacks = note.state.trim() === '' ? 'How it ended is to be said.' : null;
  return (
    <div className={classes['form']}>
      <Textarea
        label="How it ended"
        rows={8}
        value={note.state}
        onChange={(event) => change({ state: event.currentTarget.value })}
      />
      <Textarea
        label="Silenced, and still silent"
        description="One a line."
        rows={3}
        value={note.silences}
        onChange={(event) => change({ silences: event.currentTarget.value })}
      />
      <Textarea
        label="Graphs to watch"
        description="One a line."
        rows={3}
        value={note.graphs}
        onChange={(event) => change({ graphs: event.currentTarget.value })}
      />
      <Act
        label="Send"
        object={`the hand-off of ${run}`}
        weight="press"
        size="md"
        blocked={blocked ?? lacks}
        says="It goes to whoever is on call next, as a task. It stands as it is written: a note is not changed."
        act={async () => {
          await send('POST', `/runs/${run}/hand-off`, {
            state: note.state.trim(),
            silences: linesOf(note.silences),
            graphs: linesOf(note.graphs),
          });
          forget();
        }}
      />
    </div>
  );
}

interface WrittenProps {
  readonly handOff: HandOffView;
  readonly written: NonNullable<HandOffView['written']>;
}

function Written({ handOff: { facts, whyNotAccept }, written }: WrittenProps) {
  const { note, by, at, sentTo, acceptedBy, acceptedAt } = written;
  return (
    <Section title="The note">
      <p>
        {acceptedBy === null ? <Badge tone="warn">waits</Badge> : <Badge tone="go">accepted</Badge>} by {by},{' '}
        <Instant at={at} />; {sentTo === null ? 'nobody but its writer is on the rota' : `sent to ${sentTo}`}
        {acceptedBy !== null && acceptedAt !== null && (
          <>
            ; accepted by {acceptedBy}, <Instant at={acceptedAt} />
          </>
        )}
        .
      </p>
      {acceptedBy === null && (
        <div className={classes['accept']}>
          <Act
            label="Accept"
            object={`the hand-off of ${facts.run}`}
            weight="press"
            size="md"
            blocked={whyNotAccept}
            says="You have read it, and it is yours from now on."
            act={() => send('POST', `/runs/${facts.run}/hand-off/accept`)}
          />
        </div>
      )}
      <div className="panel padded">
        <p className={classes['text']}>{note.state}</p>
        <NoteList title="Silenced, and still silent" lines={note.silences} none="Nothing is silenced." />
        <NoteList title="Graphs to watch" lines={note.graphs} none="No graph is to be watched." />
      </div>
    </Section>
  );
}

interface NoteListProps {
  readonly title: string;
  readonly lines: readonly string[];
  readonly none: string;
}

function NoteList({ title, lines, none }: NoteListProps) {
  return (
    <>
      <h3>{title}</h3>
      {lines.length === 0 ? (
        <p className="quiet">{none}</p>
      ) : (
        <ul>
          {lines.map((line) => (
            <li key={line} className={classes['text']}>
              {/^https?:\/\/\S+$/.test(line) ? (
                <a href={line} rel="noreferrer noopener" target="_blank">
                  {line}
                </a>
              ) : (
                line
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
