import { z } from 'zod';

const INLINE =
  'expected a secret by reference, `{ env: NAME }` or `{ file: path }`, got something else: where it is written here, put it into a file that only the server reads, name that, and have the peer give you another one';

const VARIABLE = /^[A-Za-z_]\w*$/;

/** A secret, by where it stands. One that is written into the file itself is refused, and never repeated. */
export const secretReference = z
  .union(
    [
      z.strictObject({
        env: z
          .string()
          // No format, for what is wrong is then repeated: somebody may have put the secret itself there.
          .refine((text) => VARIABLE.test(text), {
            error: 'expected the name of a variable, got something else',
          })
          .meta({ pattern: VARIABLE.source })
          .describe('Name of a variable of the server’s environment.'),
      }),
      z.strictObject({
        file: z
          .string()
          .min(1)
          .describe('Path of a file; from the folder of this one where it is not absolute.'),
      }),
    ],
    { error: INLINE },
  )
  .describe('A secret, by where it stands.');
export type SecretReference = z.output<typeof secretReference>;

/** The secrets by which a peer’s requests are known: one, or two while one takes over from the other. */
export const hookSecrets = z
  .array(secretReference)
  .min(1)
  .max(2)
  .describe('By which requests of the peer are known: one, or two while one takes over from the other.');

/** The address of a peer. One that holds a name and a password is refused, and no address is repeated: parts of it may be secret. */
export const peerAddress = z
  .string()
  .refine(isPeerAddress, {
    error:
      'expected an address that begins with `https://` or `http://`, without a name and a password in it',
  })
  .describe('Its address, without a name and a password in it.');

function isPeerAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

/** An OAuth client at a peer, with which people lend the right to post there as themselves. */
export const postingClient = z
  .strictObject({
    client: z
      .string()
      .regex(/^[\w.-]{1,200}$/, { error: 'expected the id of an OAuth application' })
      .describe('Id of the OAuth application there.'),
    secret: secretReference.describe('Its secret. What people lend is sealed with it.'),
  })
  .describe('With it people may post an approval as themselves, by one press here; needs `address`.');
export type PostingClient = z.output<typeof postingClient>;
