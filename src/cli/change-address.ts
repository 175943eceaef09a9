/** Where the API has a request. */
export function addressOf(change: string, rest = ''): string {
  return `/api/v1/changes/${encodeURIComponent(change)}${rest}`;
}
