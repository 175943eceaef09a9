/** Something of an issue that is not in the plan made from it, and why. */
export interface Unread {
  /** 1-based. */
  readonly line: number;
  readonly text: string;
  readonly because: string;
}
