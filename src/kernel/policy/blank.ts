const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}\p{Cc}]/u;

/** Whether a text says nothing: empty, or of nothing that anybody could see. */
export function isBlank(text: string): boolean {
  return !VISIBLE.test(text);
}
