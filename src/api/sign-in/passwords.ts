import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../../core/errors.ts';

// Passwords are kept as scrypt hashes with OWASP's first choice of parameters: 128 MiB and a third of a
// second or so each. A hash names its own parameters, so that stronger ones can come later. Few are made at
// once, so that tries to sign in cannot take the machine's memory.

const strength = { log2N: 17, r: 8, p: 1 } as const;
const hashBytes = 32;
const atOnce = 2;
const mostWaiting = 30;

/** In characters and bytes; the lower bound is NIST's for passwords that stand alone. */
export const passwordLength = { min: 12, maxBytes: 1_024 } as const;

const waiting: (() => void)[] = [];
let running = 0;

/** `scrypt$17$8$1$<salt>$<hash>`. Throws `unavailable` when too many are being made. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const { log2N, r, p } = strength;
  const hash = await derive(password, salt, strength);
  return ['scrypt', log2N, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/**
 * Whether the password is the one of the hash. Without a hash it is not, and that takes as long, so that
 * nobody learns from time who has an account. Throws `unavailable` when too many are being judged.
 */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const parsed = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(stored ?? '');
  if (parsed === null) {
    await derive(password, randomBytes(16), strength);
    return false;
  }
  const [, log2N, r, p, salt = '', hash = ''] = parsed;
  const expected = Buffer.from(hash, 'base64url');
  const found = await derive(password, Buffer.from(salt, 'base64url'), {
    log2N: Number(log2N),
    r: Number(r),
    p: Number(p),
  });
  return expected.length === found.length && timingSafeEqual(expected, found);
}

async function derive(
  password: string,
  salt: Buffer,
  { log2N, r, p }: { readonly log2N: number; readonly r: number; readonly p: number },
): Promise<Buffer> {
  await enter();
  try {
    const options = { N: 2 ** log2N, r, p, maxmem: 256 * 2 ** log2N * r };
    // One password can be written in several ways of Unicode, by different keyboards.
    const text = password.normalize('NFKC');
    return await new Promise<Buffer>((resolve, reject) => {
      scrypt(text, salt, hashBytes, options, (error, key) =>
        error === null ? resolve(key) : reject(error),
      );
    });
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

async function enter(): Promise<void> {
  if (running < atOnce) {
    running += 1;
    return;
  }
  if (waiting.length >= mostWaiting) {
    throw new ApiError('unavailable', 'Too many people are signing in. Try again.', {
      retryAfterS: 5,
    });
  }
  await new Promise<void>((resolve) => waiting.push(resolve));
}
