/** Addresses that people gave, for messages to them. */
export interface Outside {
  /** Why an address may not be asked, in one line; `null` if it may. */
  whyNot(url: string): string | null;
  /**
   * Posts a body and gives the status of the answer, and for how long whoever answers wants to be left alone; a redirect is an answer.
   *
   * @throws {Error} where nothing answered in time, or the address may not be asked; its message names no secret.
   */
  post(
    url: string,
    message: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  ): Promise<{ readonly status: number; readonly retryAfterMs: number | null }>;
}
