import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import * as schemes from '../../src/integrations/signatures/schemes.ts';

const SLACK_BODY =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';

interface Vector {
  readonly scheme: schemes.Scheme;
  readonly secret: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The header that holds the signature, and when it was made, in seconds; `null` where it bears no time. */
  readonly signature: string;
  readonly at: number | null;
}

const hex = (secret: string, body: string) => createHmac('sha256', secret).update(body).digest('hex');

/** As those who sign document them. */
const VECTORS: Readonly<Record<string, Vector>> = {
  Slack: {
    scheme: schemes.slackSigned,
    secret: '8f742231b10e8888abcd99yyyzzz85a5',
    body: SLACK_BODY,
    headers: {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    },
    signature: 'x-slack-signature',
    at: 1_531_420_618,
  },
  GitHub: {
    scheme: schemes.githubSigned,
    secret: "It's a Secret to Everybody",
    body: 'Hello, World!',
    headers: {
      'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    },
    signature: 'x-hub-signature-256',
    at: null,
  },
  'GitLab, signed': {
    scheme: schemes.gitlabSigned,
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    body: '{"test": 2432232314}',
    headers: {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    signature: 'webhook-signature',
    at: 1_614_265_330,
  },
  'GitLab, by its token': {
    scheme: schemes.gitlabSigned,
    secret: 'the-token-of-the-hook',
    body: '{}',
    headers: { 'x-gitlab-token': 'the-token-of-the-hook' },
    signature: 'x-gitlab-token',
    at: null,
  },
  PagerDuty: {
    scheme: schemes.pagerdutySigned,
    secret: 'the-secret-of-the-extension',
    body: '{"event":{}}',
    headers: {
      'x-pagerduty-signature': `v1=${hex('the-secret-of-the-extension', '{"event":{}}')}`,
    },
    signature: 'x-pagerduty-signature',
    at: null,
  },
};

function holds(vector: Vector, more: Partial<Vector> & { secrets?: readonly string[]; nowS?: number } = {}) {
  const { scheme, secret, body, headers, at, secrets, nowS } = { ...vector, ...more };
  const request = { headers, body: Buffer.from(body), receivedAtMs: (nowS ?? at ?? 1_700_000_000) * 1_000 };
  return scheme(request, secrets ?? [secret]);
}

describe.each(Object.entries(VECTORS))('a request of %s', (_name, vector) => {
  const given = vector.headers[vector.signature] ?? '';
  const withSignature = (text: string) =>
    holds(vector, { headers: { ...vector.headers, [vector.signature]: text } });

  it('is known by its signature, by either of two secrets, by no other and by none', () => {
    expect(holds(vector)).toBe(true);
    expect(holds(vector, { secrets: ['the-next-secret', vector.secret] })).toBe(true);
    expect(holds(vector, { secrets: [vector.secret, 'the-former-secret'] })).toBe(true);
    expect(holds(vector, { secrets: ['the-next-secret'] })).toBe(false);
    expect(holds(vector, { secrets: [] })).toBe(false);
  });

  it('is not known by a signature that is missing, cut, in other letters, of another version or followed by more', () => {
    const other = given.startsWith('v') || given.startsWith('s') ? `x${given.slice(1)}` : `${given}x`;
    for (const wrong of ['', given.slice(0, -1), given.toUpperCase(), other, `${given}0`, given.slice(3)])
      expect(withSignature(wrong), wrong).toBe(false);
    const { [vector.signature]: _left, ...without } = vector.headers;
    expect(holds(vector, { headers: without })).toBe(false);
  });

  it('stands on the bytes as they came, where they are signed', () => {
    if (vector.signature === 'x-gitlab-token') return;
    expect(holds(vector, { body: `${vector.body} ` })).toBe(false);
    expect(holds(vector, { body: vector.body.slice(1) })).toBe(false);
  });

  it('is not heard from another time, where it bears one', () => {
    if (vector.at === null) return;
    for (const off of [-300, 300]) expect(holds(vector, { nowS: vector.at + off })).toBe(true);
    for (const off of [-301, 301]) expect(holds(vector, { nowS: vector.at + off })).toBe(false);
    const time = Object.keys(vector.headers).find((one) => one.endsWith('timestamp')) ?? '';
    for (const wrong of ['', '-1', '1e9', 'now', ` ${vector.at}`])
      expect(holds(vector, { headers: { ...vector.headers, [time]: wrong } }), wrong).toBe(false);
  });
});

describe('what we sign as others do', () => {
  it('verifies as the library of Standard Webhooks signs it', () => {
    const secret = VECTORS['GitLab, signed']!.secret;
    const at = new Date(1_700_000_000_000);
    const signature = new Webhook(secret).sign('msg_1', at, '{"a":1}');
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1700000000',
      'webhook-signature': `v1a,x ${signature}`,
    };
    const request = { headers, body: Buffer.from('{"a":1}'), receivedAtMs: at.getTime() };
    expect(schemes.standardSigned(request, [secret])).toBe(true);
  });

  it('is PagerDuty’s where any of several holds', () => {
    const { secret, body, headers } = VECTORS['PagerDuty']!;
    const given = `v1=${'0'.repeat(64)}, ${headers['x-pagerduty-signature']}`;
    const request = { headers: { 'x-pagerduty-signature': given }, body: Buffer.from(body), receivedAtMs: 0 };
    expect(schemes.pagerdutySigned(request, [secret])).toBe(true);
  });

  it('does not fall back on a token where a signature is wrong', () => {
    const headers = {
      ...VECTORS['GitLab, signed']!.headers,
      'webhook-signature': 'v1,AAAA',
      'x-gitlab-token': 'the-token',
    };
    const request = { headers, body: Buffer.from('{}'), receivedAtMs: 1_614_265_330_000 };
    expect(schemes.gitlabSigned(request, ['the-token'])).toBe(false);
  });
});
