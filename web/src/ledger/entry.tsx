import { Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { LedgerEntry, LedgerPage } from '../../../src/contract/ledger.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Instant } from '../parts/instant.tsx';
import { Said } from '../parts/said.tsx';
import rows from '../parts/rows.module.css';
import { FoundNotice } from './found.tsx';
import { verifyEntry } from './verify.ts';
import classes from './ledger.module.css';

export const OUTCOME_LOOKS: Readonly<
  Record<LedgerEntry['outcome'], { readonly tone: Tone; readonly word: string }>
> = {
  allow: { tone: 'go', word: 'done' },
  deny: { tone: 'stop', word: 'refused' },
  error: { tone: 'warn', word: 'failed' },
};

type Row = LedgerPage['entries'][number];

interface EntryProps {
  readonly row: Row;
  readonly open: boolean;
  readonly onToggle: (open: boolean) => void;
}

/** One entry: who did what to what and why, in a line; opened, all of it, its proof and its verification. */
export function Entry({ row, open, onToggle }: EntryProps) {
  const { index, entry } = row;
  const { tone, word } = OUTCOME_LOOKS[entry.outcome];
  return (
    <details open={open} onToggle={(event) => onToggle(event.currentTarget.open)}>
      <summary>
        <span className={rows['more']}>{index}</span>
        <Badge tone={tone}>{word}</Badge>
        <strong className={classes['type']}>{entry.type}</strong>
        <span className={classes['what']}>
          {entry.object} by {entry.actor.subject}
          {entry.reason !== '' && (
            <>
              : <Said text={entry.reason} />
            </>
          )}
        </span>
        <Instant at={entry.time} show="moment" />
      </summary>
      {open && <Whole row={row} />}
    </details>
  );
}

function Whole({ row }: { readonly row: Row }) {
  const { index, entry } = row;
  const verifying = useMutation({ mutationFn: () => verifyEntry(row) });
  return (
    <>
      <pre className={rows['raw']} tabIndex={0} role="group" aria-label={`Entry ${index}`}>
        {JSON.stringify(entry, null, 2)}
      </pre>
      <Group gap="md" data-print="hide">
        <ActButton
          size="xs"
          variant="default"
          loading={verifying.isPending}
          onPress={() => verifying.mutate()}
        >
          Verify entry {index} here
        </ActButton>
        <a href={`/api/v1/ledger/entries/${index}/proof`} download={`entry-${index}.tlog-proof`}>
          Download its proof
        </a>
        <Link to="/ledger" search={{ object: entry.object }}>
          All about {entry.object}
        </Link>
        <Link to="/ledger" search={{ entry: index }}>
          Link to entry {index}
        </Link>
      </Group>
      <FoundNotice verifying={verifying} />
    </>
  );
}
