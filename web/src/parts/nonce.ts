/** The server gives each page a nonce of its own; without it the browser takes no style that is not a file of ours (ADR 0114). */
export const pageNonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
