import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { LockHistory, LockVersion, LockView } from '../../../src/contract/locks.ts';
import { Act } from '../parts/act.tsx';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Instant } from '../parts/instant.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Named } from '../parts/named.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Sought } from '../parts/sought.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { send } from '../server/api.ts';
import { askMe } from '../server/questions.ts';
import { Impact } from './impact.tsx';
import { askLock, askLockHistory, askLockImpact } from './questions.ts';
import {
  againText,
  CATEGORY_WORDS,
  KIND_WORDS,
  LOCK_TONES,
  waitingText,
  whyNotLock,
  whyNotSecond,
} from './words.ts';

/** One lock: what it says, what waits to be said, what that would do, and who answers for each text of it. */
export function LockPage() {
  const { id } = useParams({ from: '/locks/$id' });
  const lock = useQuery(askLock(id));
  return (
    <Sought kind="lock" id={id} query={lock}>
      {(view) => <Lock lock={view} />}
    </Sought>
  );
}

function Lock({ lock }: { readonly lock: LockView }) {
  const waits = waitingText(lock);
  return (
    <Page
      title={`${lock.id} ${lock.reason}`}
      tab={lock.id}
      lead={KIND_WORDS[lock.kind]}
      acts={<Acts lock={lock} />}
    >
      <Section title="As it stands" aside={<Badge tone={LOCK_TONES[lock.state]}>{lock.state}</Badge>}>
        <Text text={lock} />
        {lock.releasedBy !== null && lock.releasedAt !== null && (
          <p>
            Released by {lock.releasedBy}, <Instant at={lock.releasedAt} />.
          </p>
        )}
      </Section>
      {lock.edit !== null && (
        <Section title="Another text waits">
          <Text text={lock.edit} />
        </Section>
      )}
      {waits !== null && <WaitingImpact lock={lock} waits={waits} />}
      <Section title="Every text of it">
        <History id={lock.id} />
      </Section>
    </Page>
  );
}

function WaitingImpact({ lock, waits }: { readonly lock: LockView; readonly waits: LockVersion }) {
  const impact = useQuery(askLockImpact(lock.id));
  return (
    <Section title="What the text that waits would do">
      <Answered query={impact}>
        {(answer) => (
          <Impact impact={answer} kind={waits.kind} environments={waits.environments} id={lock.id} />
        )}
      </Answered>
    </Section>
  );
}

function Acts({ lock }: { readonly lock: LockView }) {
  const me = useQuery(askMe).data;
  const waits = waitingText(lock);
  const { id, state } = lock;
  if (state === 'released' || state === 'ended') return null;
  const path = `/locks/${encodeURIComponent(id)}`;
  const stands = state === 'confirmed' || state === 'emergency';
  return (
    <>
      {whyNotLock(me) === null && (
        <LinkButton to="/locks/new" search={{ edits: id }} variant="default">
          Propose another text
        </LinkButton>
      )}
      <Act
        label={stands ? 'Release early' : 'Withdraw'}
        blocked={whyNotSecond(me, lock.proposedBy)}
        weight="typed"
        object={id}
        variant="default"
        says={
          stands
            ? 'From that moment on it stops nothing. The teams are told, with what you write.'
            : 'It was never in force; nobody can confirm it afterwards.'
        }
        act={(reason) => send('POST', `${path}/release`, { reason })}
      />
      {waits !== null && (
        <Act
          label="Confirm"
          blocked={whyNotSecond(me, waits.proposedBy)}
          weight="press"
          object={id}
          color="stop"
          says={<Text text={waits} />}
          act={() => send('POST', `${path}/confirm`, { digest: waits.digest })}
        />
      )}
    </>
  );
}

function Text({ text }: { readonly text: LockVersion }) {
  const { kind, environments, category, reason, start, end, recurs, proposedBy, confirmedBy } = text;
  const rows: readonly (readonly [string, React.ReactNode])[] = [
    ['Kind', `${kind}: ${KIND_WORDS[kind]}`],
    ['Where', environments.join(', ')],
    ['From', <Instant key="from" at={start} />],
    ['To', end === null ? 'it comes again without an end' : <Instant key="to" at={end} />],
    ...(recurs === null ? [] : [['Comes again', againText(recurs)] as const]),
    ['Reason', `${reason} (${CATEGORY_WORDS[category]})`],
    ['Proposed by', proposedBy],
    ['Confirmed by', confirmedBy ?? 'nobody yet'],
    ['Digest', <code key="digest">{text.digest}</code>],
  ];
  return <Named rows={rows} />;
}

function History({ id }: { readonly id: string }) {
  const history = useQuery(askLockHistory(id));
  return <Answered query={history}>{({ versions }) => <Versions versions={versions} />}</Answered>;
}

const TEXTS: Columns<LockVersion> = {
  Version: ({ version }) => version,
  Says: ({ kind, environments, reason }) => `${kind}, ${environments.join(', ')}: ${reason}`,
  From: ({ start }) => <Instant at={start} />,
  To: ({ end }) => (end === null ? 'no end' : <Instant at={end} />),
  'Written by': ({ proposedBy, proposedAt }) => (
    <>
      {proposedBy}, <Instant at={proposedAt} />
    </>
  ),
  'Confirmed by': ({ confirmedBy, confirmedAt }) =>
    confirmedBy === null || confirmedAt === null ? (
      <Badge tone="unknown">waits</Badge>
    ) : (
      <>
        {confirmedBy}, <Instant at={confirmedAt} />
      </>
    ),
};

function Versions({ versions }: Pick<LockHistory, 'versions'>) {
  return (
    <Table
      label="Texts, the newest first"
      rows={versions.toReversed()}
      keyOf={({ version }) => version}
      columns={TEXTS}
    />
  );
}
