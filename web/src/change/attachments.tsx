import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import {
  ATTACHMENT_BYTES,
  MEDIA_TYPES,
  mediaTypeOfName,
  type AttachmentView,
} from '../../../src/contract/attachments.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Answered } from '../parts/answered.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { api } from '../server/api.ts';
import { useWhyNot } from './why-not.ts';
import rows from '../parts/rows.module.css';

const MEBIBYTE = 1_048_576;
const ENDINGS = Object.values(MEDIA_TYPES).flat();

/** What is attached to a request; each goes down as a file, and none is shown as a page. */
export function Attachments({ id }: { readonly id: string }) {
  const whyNot = useWhyNot(id);
  const attached = useQuery({
    queryKey: ['change', id, 'attachments'],
    queryFn: () => api<{ attachments: AttachmentView[] }>(`/changes/${id}/attachments`),
  });
  return (
    <Section title="Attachments">
      <Answered query={attached}>
        {({ attachments }) =>
          attachments.length === 0 ? (
            <Empty title="Nothing is attached." />
          ) : (
            <ul className={rows['rows']}>
              {attachments.map(({ number, name, size, by, at, digest }) => (
                <li key={number}>
                  <div className={rows['line']}>
                    <a href={`/api/v1/changes/${id}/attachments/${number}`} download={name}>
                      {name}
                    </a>
                    <span className="quiet">{sizeText(size)}</span>
                  </div>
                  <div className={rows['more']}>
                    by {by}, <Instant at={at} />, <code>{digest.slice(0, 19)}…</code>
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
      <Attach id={id} blocked={whyNot('attach')} />
    </Section>
  );
}

interface AttachProps {
  readonly id: string;
  /** Why whoever looks may attach nothing, or `null`. */
  readonly blocked: string | null;
}

function Attach({ id, blocked }: AttachProps) {
  const queries = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const attaching = useMutation({
    mutationFn: (file: File) => attach(id, file),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['change', id, 'attachments'] }),
  });
  return (
    <div data-print="hide">
      <input
        ref={input}
        type="file"
        hidden
        aria-label="File to attach"
        accept={ENDINGS.map((ending) => `.${ending}`).join(',')}
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file) attaching.mutate(file);
          currentTarget.value = '';
        }}
      />
      {attaching.isError && <Problem error={attaching.error} />}
      <p className="quiet">
        {ENDINGS.join(', ')}; at most {ATTACHMENT_BYTES / MEBIBYTE} MiB each.
      </p>
      {blocked === null ? (
        <Button variant="default" loading={attaching.isPending} onClick={() => input.current?.click()}>
          Attach a file
        </Button>
      ) : (
        <ActButton blocked={blocked}>Attach a file</ActButton>
      )}
    </div>
  );
}

async function attach(id: string, file: File): Promise<void> {
  const type = mediaTypeOfName(file.name);
  if (type === null) throw new Error(`expected a file of ${ENDINGS.join(', ')}, got \`${file.name}\``);
  if (file.size > ATTACHMENT_BYTES) {
    throw new Error(`expected at most ${sizeText(ATTACHMENT_BYTES)}, got ${sizeText(file.size)}`);
  }
  const name = encodeURIComponent(file.name);
  await api(`/changes/${id}/attachments?name=${name}`, {
    method: 'POST',
    body: file,
    headers: { 'content-type': type },
  });
}

function sizeText(bytes: number): string {
  if (bytes < 1_024) return `${bytes} bytes`;
  return bytes < MEBIBYTE ? `${Math.round(bytes / 1_024)} KiB` : `${(bytes / MEBIBYTE).toFixed(1)} MiB`;
}
