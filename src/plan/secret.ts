import type { PlanPath } from './walk.ts';

const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/\b(AKIA|ASIA)[0-9A-Z]{16}\b/, 'an access key of a cloud provider'],
  [/\bgh[pousr]_[A-Za-z0-9]{36}/, 'a GitHub token'],
  [/\bglpat-[\w-]{20}/, 'a GitLab token'],
  [/\bxox[abprs]-[\w-]{10}/, 'a Slack token'],
  [/\b(sk|rk)_live_[A-Za-z0-9]{10}/, 'a payment key'],
  [/\bAIza[\w-]{35}/, 'a Google key'],
  // From its middle: read from the left, a text of beginnings without an end costs a thousand steps a character.
  [/(?<=\beyJ[\w-]{8,999})\.eyJ[\w-]{8,999}\.[\w-]{8}/, 'a signed token'],
  [/\b[Bb]earer [\w.~+/-]{20,}/, 'a bearer token'],
  [/\bpassword\s+'[^'$%{*]{3,}'/i, 'a password in SQL'],
  [/:\/\/[^\s/:@$'"]+:(?![$%{*<])[^\s/@'"]{2,}@/, 'an address with a password'],
];

/** A part of whatever any pattern here finds: a text without one is looked at once, not twelve times. */
const SOMETHING =
  /-----BEGIN|AKIA|ASIA|gh[pousr]_|glpat-|xox|k_live_|AIza|eyJ|bearer |passw|secret|token|key|:\/\//i;

/** `password=…`, `token: …`: a value, not the name of a variable, a mask or an empty one. */
const ASSIGNED =
  /(password|passwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)["']?\s*[=:]\s*["']?([^\s"',;&|)]{6,})/gi;

const SECRET_NAME = /(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/;

/** What a text holds that looks like a secret, and where, or `null`. */
export function secretIn(
  text: string,
  path: PlanPath,
): { readonly kind: string; readonly offset: number } | null {
  const something = SOMETHING.test(text);
  for (const [pattern, kind] of something ? KNOWN : []) {
    const found = pattern.exec(text);
    if (found) return { kind, offset: found.index };
  }
  if (path.at(-2) === 'env' && SECRET_NAME.test(String(path.at(-1))) && isLiteral(text)) {
    return { kind: 'a secret in a variable', offset: 0 };
  }
  for (const found of something ? text.matchAll(ASSIGNED) : []) {
    if (isLiteral(found[2] ?? '')) return { kind: 'a password or token', offset: found.index };
  }
  return null;
}

/** A reference is no secret: `$PGPASSWORD`, `{{ token }}`, `<token>`, `process.env.TOKEN`, `***`. */
function isLiteral(value: string): boolean {
  return (
    value !== '' && !/^[$%{<*(`\\]/.test(value) && !/[.(]|^(env|null|none|true|false|string)$/i.test(value)
  );
}

const OPTION = /^--?(password|passwd|secret|token|api-?key|access-?key|auth-token)$/i;

/** The index of an argument that follows an option for a secret, or `null`. */
export function secretOption(argv: readonly string[]): number | null {
  const index = argv.findIndex((value, i) => OPTION.test(argv[i - 1] ?? '') && isLiteral(value));
  return index === -1 ? null : index;
}
