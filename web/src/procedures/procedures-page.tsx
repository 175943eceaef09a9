import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Procedure, Procedures, ProcedureVersion } from '../../../src/contract/procedures.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Page, Section } from '../parts/page.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { SetupHint } from '../setup/setup-hint.tsx';
import { api } from '../server/api.ts';
import classes from './procedures.module.css';

/** Procedures that ran, with the record of each version and what it still lacks. */
export function ProceduresPage() {
  const procedures = useQuery({
    queryKey: ['procedures'],
    queryFn: () => api<Procedures>('/procedures'),
  });
  return (
    <Page
      title="Procedures"
      acts={
        <LinkButton to="/changes/new" variant="default">
          New change of a procedure
        </LinkButton>
      }
      lead="A plan that is used again. What its runs proved is counted by the server: a version that lacks nothing is graduated, and nobody can set that."
    >
      <Answered query={procedures}>
        {({ procedures: all }) =>
          all.length === 0 ? (
            <Empty title="No procedure has run yet.">
              A plan that names its <code>procedure</code> begins a record with its first run. <SetupHint />
            </Empty>
          ) : (
            all.map((one) => <One key={one.name} procedure={one} />)
          )
        }
      </Answered>
    </Page>
  );
}

function One({ procedure: { name, versions } }: { readonly procedure: Procedure }) {
  return (
    <Section
      title={name}
      aside={
        <Link to="/changes/new" search={{ procedure: name }}>
          New change of {name}
        </Link>
      }
    >
      <Table
        label={`Versions of ${name}, the newest first`}
        rows={versions}
        keyOf={({ version }) => version}
        columns={COLUMNS}
      />
    </Section>
  );
}

const COLUMNS: Columns<ProcedureVersion> = {
  Version: ({ version }) => <code title={version}>{version.slice('sha256:'.length).slice(0, 12)}</code>,
  Standing: ({ graduated }) =>
    graduated ? <Badge tone="go">graduated</Badge> : <Badge tone="quiet">not yet</Badge>,
  'Went well in a row': ({ runs, successfulRuns }) => `${successfulRuns}, of ${runs} in all`,
  'What it lacks': ({ lacks }) =>
    lacks.length === 0 ? (
      'nothing'
    ) : (
      <ul className={classes['lacks']}>
        {lacks.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    ),
  'First run': ({ firstRun }) => <Instant at={firstRun} />,
  'Last failed': ({ lastFailed }) => (lastFailed === null ? 'never' : <Instant at={lastFailed} />),
  'Last incident': ({ lastIncident }) => (lastIncident === null ? 'none' : <Instant at={lastIncident} />),
};
