import { Button, FileButton } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type DragEvent, useState } from 'react';
import type { ProcedureSources } from '../../../src/contract/plan-sources.ts';
import type { PlanTemplates } from '../../../src/contract/templates.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { api } from '../server/api.ts';
import { begunBlank, begunFromFiles } from './begun.ts';
import { KeptDrafts } from './kept-drafts.tsx';
import { OlderChanges } from './older-changes.tsx';
import { useBegin } from './use-begin.ts';
import rows from '../parts/rows.module.css';
import classes from '../plan-editor/plan-editor.module.css';

/** The ways to begin a change. */
export function Start({ person }: { readonly person: string }) {
  const begin = useBegin(person);
  return (
    <Page
      title="New change"
      lead="Begin from what is nearest to it. Nothing is filed before you open it."
      acts={
        <Button variant="default" onClick={() => begin(begunBlank())}>
          Begin with a blank plan
        </Button>
      }
    >
      <KeptDrafts person={person} />
      <div className={classes['ways']}>
        <Procedures />
        <div>
          <Templates />
          <Upload person={person} />
          <OlderChanges />
        </div>
      </div>
    </Page>
  );
}

function Procedures() {
  const procedures = useQuery({
    queryKey: ['procedures', 'plans'],
    queryFn: () => api<ProcedureSources>('/procedure-plans'),
  });
  return (
    <Section title="A procedure">
      <Answered query={procedures}>
        {({ procedures: all }) => (
          <ul className={rows['rows']}>
            {all.map(({ name, says, criticality, change }) => (
              <li key={name}>
                <div className={rows['line']}>
                  <span className={rows['title']}>
                    <Link to="/changes/new" search={{ procedure: name }}>
                      {name}
                    </Link>
                  </span>
                  <Badge tone="quiet">{criticality}</Badge>
                </div>
                <div className={rows['more']}>
                  {says} {change === null ? '' : `As ${change} was made.`}
                </div>
              </li>
            ))}
          </ul>
        )}
      </Answered>
    </Section>
  );
}

function Templates() {
  const templates = useQuery({
    queryKey: ['templates'],
    queryFn: () => api<PlanTemplates>('/templates'),
  });
  return (
    <Section title="A template">
      <Answered query={templates} waiting={null}>
        {({ templates: all }) => (
          <ul className={rows['rows']}>
            {all.map(({ criticality, summary }) => (
              <li key={criticality}>
                <span className={rows['title']}>
                  <Link to="/changes/new" search={{ template: criticality }}>
                    {criticality}
                  </Link>
                </span>
                <div className={rows['more']}>{summary}</div>
              </li>
            ))}
          </ul>
        )}
      </Answered>
    </Section>
  );
}

/** A plan that lies on this machine, with the scripts that it names. */
function Upload({ person }: { readonly person: string }) {
  const begin = useBegin(person);
  const [over, setOver] = useState(false);
  const reading = useMutation({ mutationFn: begunFromFiles, onSuccess: begin });
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    reading.mutate([...event.dataTransfer.files]);
  };
  return (
    <Section title="A file">
      <div
        className={classes['drop']}
        data-over={over}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p>Drop a plan here, with the scripts that it names, or</p>
        <FileButton multiple onChange={(files) => files.length > 0 && reading.mutate(files)}>
          {(props) => (
            <Button {...props} variant="default">
              Choose files
            </Button>
          )}
        </FileButton>
      </div>
      {reading.isError && <Problem error={reading.error} />}
      <p className="quiet">
        From the command line: <code>interlock change open plan.yaml</code>
      </p>
    </Section>
  );
}
