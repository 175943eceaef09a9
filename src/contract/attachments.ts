import { z } from 'zod';
import { changeId } from './changes.ts';
import { plainText } from './plain-text.ts';

/** The longest attachment, and the most that one request may have, in bytes and in number. */
export const ATTACHMENT_BYTES = 5 * 1_048_576;
export const ATTACHED_BYTES = 50 * 1_048_576;
export const ATTACHMENTS = 100;

/** What may be attached, with the names that it may have. */
export const MEDIA_TYPES = {
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg'],
  'image/gif': ['gif'],
  'application/pdf': ['pdf'],
  'text/plain': ['txt', 'log'],
  'application/json': ['json'],
  'application/yaml': ['yaml', 'yml'],
  'text/csv': ['csv'],
  'text/x-diff': ['diff', 'patch'],
} as const;
export type MediaType = keyof typeof MEDIA_TYPES;

/** The type that a name says, by its extension; `null` where it is none that may be attached. */
export function mediaTypeOfName(name: string): MediaType | null {
  const extension = /\.([A-Za-z]+)$/.exec(name)?.[1]?.toLowerCase();
  const found = Object.entries(MEDIA_TYPES).find(([, all]) => all.some((one) => one === extension));
  // The keys of the table are its type.
  return (found?.[0] as MediaType | undefined) ?? null;
}

export const attachQuery = z.strictObject({
  name: plainText.max(300).describe('Name of the file, without folders; its extension says the type.'),
});

export const attachmentView = z
  .strictObject({
    number: z.number().int().describe('Within its request.'),
    name: z.string(),
    mediaType: z.enum(Object.keys(MEDIA_TYPES) as [MediaType, ...MediaType[]]),
    size: z.number().int().describe('In bytes.'),
    digest: z.string().describe('SHA-256 of the bytes, as the ledger has it.'),
    by: z.string(),
    at: z.iso.datetime(),
  })
  .meta({ id: 'Attachment' });
export type AttachmentView = z.infer<typeof attachmentView>;
export const attachments = z.strictObject({ attachments: z.array(attachmentView) });

export const attachmentPath = z.strictObject({
  id: changeId,
  number: z.coerce.number().int().min(1).max(ATTACHMENTS),
});
