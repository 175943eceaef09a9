import { authority } from './certificate.ts';

/** A key and a certificate for it that nobody signed but itself. */
export function untrustedCertificate(): { readonly key: string; readonly cert: string } {
  const { key, cert } = authority('untrusted.test');
  return { key, cert };
}
