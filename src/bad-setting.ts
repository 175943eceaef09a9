/** A setting cannot be used; the message names it, what was expected and what was got. */
export class BadSetting extends Error {
  override readonly name = 'BadSetting';
}
