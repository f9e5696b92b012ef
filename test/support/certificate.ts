import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface TestCertificate {
  readonly key: string;
  /** Signed by itself unless an authority was given: who trusts it as an authority trusts the server. */
  readonly cert: string;
}

/**
 * A certificate for the names, valid for a day, made anew so that no key is kept anywhere. That of an authority
 * (made by this too) cannot sign others: programs that refuse an authority as a server want it so.
 */
export function makeCertificate(
  names: readonly string[],
  authority?: TestCertificate,
): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const ecdsaSha256 = der(0x30, oid('2a8648ce3d040302'));
  const mayCertify = authority === undefined;
  const isAuthority = mayCertify ? [der(0x01, Buffer.from([0xff]))] : [];
  const usage = mayCertify ? [0x02, 0x84] : [0x07, 0x80]; // sign, and sign certificates
  const extensions = [
    extension('551d13', der(0x30, ...isAuthority)), // basicConstraints
    extension('551d0f', der(0x03, Buffer.from(usage))), // keyUsage
    extension('551d0e', der(0x04, createHash('sha1').update(spki.subarray(-65)).digest())),
    extension('551d11', der(0x30, ...names.map((name) => der(0x82, Buffer.from(name))))),
  ];
  const serial = Buffer.concat([Buffer.from([0x01]), randomBytes(8)]);
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ecdsaSha256,
    named('Test'),
    der(0x30, time(Date.now() - 3_600_000), time(Date.now() + 86_400_000)),
    named(mayCertify ? 'Test' : 'Test of another'),
    spki,
    der(0xa3, der(0x30, ...extensions)),
  );
  const signature = Buffer.concat([
    Buffer.from([0]),
    sign('sha256', body, authority?.key ?? privateKey),
  ]);
  const cert = der(0x30, body, ecdsaSha256, der(0x03, signature)).toString('base64');
  const lines = cert.match(/.{1,64}/g)?.join('\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

function named(name: string): Buffer {
  return der(0x30, der(0x31, der(0x30, oid('550403'), der(0x0c, Buffer.from(name)))));
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const size =
    body.length < 0x80
      ? Buffer.from([body.length])
      : Buffer.from([0x82, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), size, body]);
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function extension(id: string, value: Buffer): Buffer {
  const isCritical = id === '551d13' || id === '551d0f';
  return der(
    0x30,
    oid(id),
    ...(isCritical ? [der(0x01, Buffer.from([0xff]))] : []),
    der(0x04, value),
  );
}

function time(ms: number): Buffer {
  const text = new Date(ms)
    .toISOString()
    .replace(/[-:T]|\.\d+/g, '')
    .slice(2);
  return der(0x17, Buffer.from(text));
}
