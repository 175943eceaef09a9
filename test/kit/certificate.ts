import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A key with its certificate and those of its issuers: made anew at every call, no key lies in the repository. */
export interface Certified {
  readonly key: string;
  readonly cert: string;
  /** Its own certificate, then its issuer's. */
  readonly chain: string;
}

/** Who signs certificates in a test. */
export interface Authority extends Certified {
  readonly name: string;
  readonly privateKey: KeyObject;
}

const ALGORITHM = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex')); // ecdsa-with-SHA256

interface Wanted {
  readonly name: string;
  readonly until: Date;
  /** Names that it holds for; an authority holds for none. */
  readonly names: readonly string[];
  readonly issuer: { readonly name: string; readonly privateKey: KeyObject } | null;
}

/** An authority that signed itself. */
export function authority(name = 'authority.test', until = new Date('2049-12-31')): Authority {
  const { privateKey, cert } = made({ name, until, names: [], issuer: null });
  return { name, privateKey, key: pemOf(privateKey), cert, chain: cert };
}

/** A certificate for these names until then, signed by an authority. */
export function certificate(
  names: readonly [string, ...string[]],
  until: Date,
  issuer: Authority,
): Certified {
  const { privateKey, cert } = made({ name: names[0], until, names, issuer });
  return { key: pemOf(privateKey), cert, chain: cert + issuer.cert };
}

function made({ name, until, names, issuer }: Wanted): { privateKey: KeyObject; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const serial = Buffer.from([1 + Math.floor(Math.random() * 120), Math.floor(Math.random() * 256)]);
  const content = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, serial),
    ALGORITHM,
    nameOf(issuer?.name ?? name),
    der(0x30, time(new Date('2020-01-01')), time(until)),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, names.length === 0 ? AUTHORITY : namesOf(names))),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', content, issuer?.privateKey ?? privateKey));
  const text = der(0x30, content, ALGORITHM, signature).toString('base64');
  const lines = text.match(/.{1,64}/g) ?? [];
  const cert = `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
  return { privateKey, cert };
}

const pemOf = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' });

function nameOf(name: string): Buffer {
  return der(0x30, der(0x31, der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from(name)))));
}

const extension = (oid: string, ...content: readonly Buffer[]) =>
  der(0x30, Buffer.from(oid, 'hex'), ...content);

const AUTHORITY = extension(
  '0603551d13',
  der(0x01, Buffer.from([0xff])),
  der(0x04, der(0x30, der(0x01, Buffer.from([0xff])))),
);

const namesOf = (names: readonly string[]) =>
  extension('0603551d11', der(0x04, der(0x30, ...names.map((name) => der(0x82, Buffer.from(name))))));

/** `UTCTime`: two digits of the year and so on. */
function time(date: Date): Buffer {
  return der(0x17, Buffer.from(`${date.toISOString().replaceAll(/\D/g, '').slice(2, 14)}Z`));
}

/** One value of ASN.1 with its tag and length. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const header =
    length < 128
      ? [tag, length]
      : length < 256
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), content]);
}
