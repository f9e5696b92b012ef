import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { readHookConfig } from '../triggers/hooks/hook-config.ts';
import {
  type SignedRequest,
  verifySignature,
  type WebhookVerification,
} from './request-signature.ts';

// For each scheme a request that its vendor (or an independent program) signed, then what must not pass.

interface Vector {
  readonly config: Partial<WebhookVerification>;
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Unix seconds at which it was sent; null where the scheme has no time. */
  readonly at: number | null;
  /** The same body, signed with another secret. */
  readonly signedBy: (secret: string) => Readonly<Record<string, string>>;
  readonly otherSecret: string;
}

const hex = (secret: string, text: string, algorithm = 'sha256') =>
  createHmac(algorithm, secret).update(text).digest('hex');

const slackBody =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
const stripeBody = '{"id":"evt_test_webhook","object":"event"}';
const standardBody = '{"test": 2432232314}';

const vectors: Readonly<Record<string, Vector>> = {
  // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
  github: {
    config: { verify: 'github' },
    secret: "It's a Secret to Everybody",
    body: 'Hello, World!',
    headers: {
      'x-hub-signature-256':
        'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    },
    at: null,
    otherSecret: 'another secret',
    signedBy: (secret) => ({ 'x-hub-signature-256': `sha256=${hex(secret, 'Hello, World!')}` }),
  },
  // https://docs.slack.dev/authentication/verifying-requests-from-slack
  slack: {
    config: { verify: 'slack' },
    secret: '8f742231b10e8888abcd99yyyzzz85a5',
    body: slackBody,
    headers: {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    },
    at: 1_531_420_618,
    otherSecret: 'another secret',
    signedBy: (secret) => ({
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': `v0=${hex(secret, `v0:1531420618:${slackBody}`)}`,
    }),
  },
  // The vector of the Standard Webhooks libraries.
  standard_webhooks: {
    config: { verify: 'standard_webhooks' },
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    body: standardBody,
    headers: {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    at: 1_614_265_330,
    otherSecret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
    signedBy: (secret) => ({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': new Webhook(secret).sign(
        'msg_p5jXN8AQM9LWM0D4loKWxJek',
        new Date(1_614_265_330_000),
        standardBody,
      ),
    }),
  },
  // Stripe publishes the scheme and no vector: this one is by `openssl dgst -sha256 -hmac`.
  // https://docs.stripe.com/webhooks/signature
  stripe: {
    config: { verify: 'stripe' },
    secret: 'whsec_test_secret',
    body: stripeBody,
    headers: {
      'stripe-signature':
        't=1492774577,v1=88a022085c6bdb887b02cb26ff76dd681234d9675c0f22844059f55552a8883a',
    },
    at: 1_492_774_577,
    otherSecret: 'whsec_another_secret',
    signedBy: (secret) => ({
      'stripe-signature': `t=1492774577,v1=${hex(secret, `1492774577.${stripeBody}`)}`,
    }),
  },
  hmac: {
    config: { verify: 'hmac' },
    // RFC 4231, test case 2.
    secret: 'Jefe',
    body: 'what do ya want for nothing?',
    headers: {
      'x-signature': '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    },
    at: null,
    otherSecret: 'another secret',
    signedBy: (secret) => ({ 'x-signature': hex(secret, 'what do ya want for nothing?') }),
  },
  'hmac with every option': {
    config: {
      verify: 'hmac',
      header: 'X-Mac',
      algorithm: 'sha512',
      encoding: 'base64',
      prefix: 'v2:',
    },
    secret: 'Jefe',
    body: 'what do ya want for nothing?',
    headers: {
      'x-mac': `v2:${Buffer.from(
        '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
        'hex',
      ).toString('base64')}`,
    },
    at: null,
    otherSecret: 'another secret',
    signedBy: (secret) => ({
      'x-mac': `v2:${createHmac('sha512', secret).update('what do ya want for nothing?').digest('base64')}`,
    }),
  },
};

function verify(
  vector: Vector,
  change: {
    readonly secrets?: readonly string[];
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly nowS?: number;
  } = {},
): boolean {
  const headers = change.headers ?? vector.headers;
  const request: SignedRequest = {
    header: (name) => headers[name] ?? null,
    body: Buffer.from(change.body ?? vector.body),
    nowMs: (change.nowS ?? vector.at ?? 0) * 1_000,
  };
  return verifySignature(readHookConfig(vector.config), change.secrets ?? [vector.secret], request)
    .ok;
}

describe.each(Object.entries(vectors))('%s', (_name, vector) => {
  test('takes what was signed with the secret', () => {
    expect(verify(vector)).toBe(true);
  });

  test('refuses what was signed with another secret', () => {
    expect(verify(vector, { headers: vector.signedBy(vector.otherSecret) })).toBe(false);
    expect(verify(vector, { secrets: [vector.otherSecret] })).toBe(false);
    expect(verify(vector, { secrets: [] })).toBe(false);
  });

  test('refuses a body that was changed, by a byte or by its form alone', () => {
    expect(verify(vector, { body: `${vector.body} ` })).toBe(false);
    expect(verify(vector, { body: vector.body.slice(1) })).toBe(false);
    expect(verify(vector, { body: '' })).toBe(false);
  });

  test('takes each of two secrets', () => {
    const secrets = [vector.otherSecret, vector.secret];
    expect(verify(vector, { secrets })).toBe(true);
    expect(verify(vector, { secrets, headers: vector.signedBy(vector.otherSecret) })).toBe(true);
  });

  test('refuses a signature that is cut, empty, longer, or not there', () => {
    for (const [name, value] of Object.entries(vector.headers)) {
      const { [name]: _, ...without } = vector.headers;
      expect([name, verify(vector, { headers: without })]).toEqual([name, false]);
      for (const bad of [
        '',
        value.slice(0, -5),
        `${value}${value.slice(-8)}`,
        '💥',
        'v1,',
        'v0=',
        't=1',
      ]) {
        if (name === 'webhook-id' && bad !== '') continue;
        const headers = { ...vector.headers, [name]: bad };
        expect([name, bad, verify(vector, { headers })]).toEqual([name, bad, false]);
      }
    }
  });

  if (vector.at !== null)
    test('refuses what is older, or newer, than 5 minutes', () => {
      const at = vector.at ?? 0;
      expect(verify(vector, { nowS: at + 299 })).toBe(true);
      expect(verify(vector, { nowS: at - 299 })).toBe(true);
      expect(verify(vector, { nowS: at + 301 })).toBe(false);
      expect(verify(vector, { nowS: at - 301 })).toBe(false);
    });
});

describe('several signatures in one header', () => {
  test('are enough when one of them is right', () => {
    const { standard_webhooks: standard, stripe } = vectors as Record<string, Vector>;
    if (standard === undefined || stripe === undefined) throw new Error('a vector is missing');
    const wrong = Buffer.alloc(32, 1);
    const right = standard.headers['webhook-signature'];
    const signatures = `v1a,${wrong.toString('base64')} v1,${wrong.toString('base64')} ${right}`;
    const headers = { ...standard.headers, 'webhook-signature': signatures };
    expect(verify(standard, { headers })).toBe(true);
    const ofStripe = stripe.headers['stripe-signature']?.replace(
      'v1=',
      `v1=${wrong.toString('hex')},v1=`,
    );
    expect(verify(stripe, { headers: { 'stripe-signature': ofStripe ?? '' } })).toBe(true);
  });

  test('do not make a signature of another version count', () => {
    const { standard_webhooks: standard, stripe } = vectors as Record<string, Vector>;
    if (standard === undefined || stripe === undefined) throw new Error('a vector is missing');
    const signature = standard.headers['webhook-signature']?.replace('v1,', 'v2,') ?? '';
    const headers = { ...standard.headers, 'webhook-signature': signature };
    expect(verify(standard, { headers })).toBe(false);
    const ofStripe = stripe.headers['stripe-signature']?.replace('v1=', 'v0=') ?? '';
    expect(verify(stripe, { headers: { 'stripe-signature': ofStripe } })).toBe(false);
  });
});

describe('a token', () => {
  const secrets = ['the right token', 'the former token'];
  const check = (config: Partial<WebhookVerification>, headers: Record<string, string>) =>
    verifySignature(readHookConfig({ verify: 'token', ...config }), secrets, {
      header: (name) => headers[name] ?? null,
      body: Buffer.from('{}'),
      nowMs: 0,
    }).ok;

  test('is taken from Authorization, or from the header that the trigger names', () => {
    expect(check({}, { authorization: 'Bearer the right token' })).toBe(true);
    expect(check({}, { authorization: 'the former token' })).toBe(true);
    expect(check({ header: 'X-Gitlab-Token' }, { 'x-gitlab-token': 'the right token' })).toBe(true);
  });

  test('is refused when it is another, a part, or in another header', () => {
    expect(check({}, {})).toBe(false);
    expect(check({}, { authorization: 'Bearer the right toke' })).toBe(false);
    expect(check({}, { authorization: 'Bearer the right token ' })).toBe(false);
    expect(check({ header: 'X-Token' }, { authorization: 'Bearer the right token' })).toBe(false);
    expect(check({ header: 'X-Token' }, { 'x-token': 'Bearer the right token' })).toBe(false);
  });
});
