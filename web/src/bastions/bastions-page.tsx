import { useQuery } from '@tanstack/react-query';
import type { Bastion } from '../../../src/contract/bastions.ts';
import { Act } from '../parts/act.tsx';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Page, Section } from '../parts/page.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { whyNotManage } from '../people/words.ts';
import { SetupHint } from '../setup/setup-hint.tsx';
import { api, send } from '../server/api.ts';
import { useNow } from '../server/clock.ts';
import { askMe } from '../server/questions.ts';
import { NewBastion } from './new-bastion.tsx';

/** The hosts that changes are run from, each proven by its key. */
export function BastionsPage() {
  const bastions = useQuery({
    queryKey: ['bastions'],
    queryFn: () => api<{ bastions: Bastion[] }>('/bastions'),
  });
  return (
    <Page
      title="Bastions"
      lead="The hosts that changes of an environment are run from. A host proves by its key that it is one; nothing is executed from another."
    >
      <Section title="Register a host">
        <NewBastion />
      </Section>
      <Section title="Registered">
        <Answered query={bastions}>
          {({ bastions: all }) =>
            all.length === 0 ? (
              <Empty title="None: nothing can be executed.">
                An administrator registers the first. <SetupHint />
              </Empty>
            ) : (
              <Table label="Registered hosts" rows={all} keyOf={keyOf} columns={COLUMNS} />
            )
          }
        </Answered>
      </Section>
    </Page>
  );
}

/** A host that was revoked may be registered again. */
function keyOf({ name, registeredAt }: Bastion): string {
  return `${name} ${registeredAt}`;
}

const COLUMNS: Columns<Bastion> = {
  Host: ({ name }) => <strong>{name}</strong>,
  Environment: ({ environment }) => environment,
  Role: ({ role, privileged }) => (
    <>
      {role} {privileged && <Badge tone="warn">may be root</Badge>}
    </>
  ),
  Registered: ({ registeredAt, registeredBy }) => (
    <>
      <Instant at={registeredAt} /> by {registeredBy}
    </>
  ),
  Key: (one) => <Key bastion={one} />,
  Revoke: (one) => (one.revokedAt === null ? <Revoke name={one.name} /> : null),
};

function Key({ bastion: { expiresAt, revokedAt } }: { readonly bastion: Bastion }) {
  const now = useNow(60);
  if (revokedAt !== null)
    return (
      <>
        <Badge tone="quiet">revoked</Badge> <Instant at={revokedAt} />
      </>
    );
  const over = Date.parse(expiresAt) <= now;
  return (
    <>
      <Badge tone={over ? 'stop' : 'go'}>{over ? 'run out' : 'valid'}</Badge> until <Instant at={expiresAt} />
    </>
  );
}

function Revoke({ name }: { readonly name: string }) {
  const me = useQuery(askMe).data;
  return (
    <Act
      label="Revoke"
      blocked={whyNotManage(me)}
      weight="press"
      object={name}
      size="xs"
      variant="default"
      says="Its key proves nothing from that moment on: no change starts or goes on from there."
      act={() => send('DELETE', `/bastions/${encodeURIComponent(name)}`)}
    />
  );
}
