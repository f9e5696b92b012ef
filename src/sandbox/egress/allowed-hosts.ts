import { readHost } from './host.ts';

// What a tool's `network.allow` may say, and what it lets through.
//
//   api.example.com         that host, ports 80 and 443
//   *.example.com           every host below it, at any depth, not itself
//   api.example.com:8443    that port alone

export const defaultPorts: readonly number[] = [80, 443];

/** Which ports are open at a host (in its canonical form), and what is said of one that has none. */
export interface HostPolicy {
  portsAt(name: string): readonly number[];
  refusal(name: string): string;
  /** Hosts that are given as an address are left to the guard; default: they are refused. */
  readonly takesAddresses?: true;
  /** The one host (in its canonical form) that may also be in networks of the operator's own; default: none. */
  readonly ownHost?: string;
}

export interface HostRule {
  /** Lower case, without a final dot and without `*.`. */
  readonly name: string;
  readonly isSuffix: boolean;
  /** Null: the default ports. */
  readonly port: number | null;
}

const ruleForm =
  /^(\*\.)?((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63})(?::([0-9]{1,5}))?$/;
// Under these labels of a country, names are sold to anybody.
const registries =
  'ac asso co com edu firm gen go gob gouv gov gv id info int ltd mil ne net nom or org plc pro sch';
const soldBelow: ReadonlySet<string> = new Set(registries.split(' '));
// Where anybody gets a name of their own in a minute, so that a suffix would name everybody.
const hosting: ReadonlySet<string> = new Set(
  (
    'amazonaws.com appspot.com azurewebsites.net blogspot.com cloudfront.net firebaseapp.com fly.dev github.io ' +
    'gitlab.io herokuapp.com localtest.me netlify.app ngrok.app ngrok.io nip.io ngrok-free.app onrender.com pages.dev ' +
    'r2.dev render.com run.app sslip.io trycloudflare.com vercel.app web.app workers.dev xip.io'
  ).split(' '),
);

/** The rule, or what is wrong with its text, to be read after the field's name. */
export function readHostRule(text: string): HostRule | string {
  const given = text.toLowerCase().replace(/\.(?=$|:)/, '');
  if (given.length > 260) return 'is too long for a host name';
  if (given === '*' || /^\*\.?[^.]*$/.test(given)) return tooBroad;
  const [, star, name = '', digits] = ruleForm.exec(given) ?? [];
  const bare = given.replace(/^\*\./, '').replace(/:[0-9]+$/, '');
  if (readHost(bare)?.kind === 'address') {
    return 'must be a host name, not an address: addresses have no owner that a certificate could prove';
  }
  if (name === '' || readHost(name)?.kind !== 'name') {
    return 'must be a host name such as api.example.com, *.example.com or api.example.com:8443, without scheme or path';
  }
  if (isLocalName(name)) return 'must be a name on the public internet';
  if (star !== undefined && isSoldToAnybody(name)) return tooBroad;
  const port = digits === undefined ? null : Number(digits);
  if (port !== null && !(port >= 1 && port <= 65_535)) return 'must have a port from 1 to 65535';
  return { name, isSuffix: star !== undefined, port };
}

const tooBroad =
  'is too broad: everybody can have a host there. Name hosts, or a suffix that has one owner, such as *.example.com';

/** Throws `RangeError` on a text that `readHostRule` refuses. */
export function readHostRules(texts: readonly string[]): readonly HostRule[] {
  return texts.map((text) => {
    const rule = readHostRule(text);
    if (typeof rule === 'string') throw new RangeError(`"${text}" ${rule}.`);
    return rule;
  });
}

/** Which ports the rules open at a host (in its canonical form). Empty: the host is not allowed at all. */
export function portsAllowedAt(rules: readonly HostRule[], name: string): readonly number[] {
  const ports = rules
    .filter((rule) => (rule.isSuffix ? name.endsWith(`.${rule.name}`) : name === rule.name))
    .flatMap((rule) => (rule.port === null ? defaultPorts : [rule.port]));
  return [...new Set(ports)];
}

/** What a tool's `network.allow` opens. Throws `RangeError` on a host that may not be allowed. */
export function allowPolicy(allow: readonly string[]): HostPolicy {
  const rules = readHostRules(allow);
  return {
    portsAt: (name) => portsAllowedAt(rules, name),
    refusal: (name) => `${name} is not in the tool's network.allow.`,
  };
}

/** Names that mean this machine or its network, whatever a resolver says. */
export function isLocalName(name: string): boolean {
  return /(?:^|\.)(?:localhost|localdomain|local|internal|lan|intranet|home\.arpa|in-addr\.arpa|ip6\.arpa)$/.test(
    name,
  );
}

function isSoldToAnybody(name: string): boolean {
  const labels = name.split('.');
  if (labels.length < 2 || hosting.has(name)) return true;
  const [second = '', top = ''] = labels.slice(-2);
  return labels.length === 2 && top.length === 2 && soldBelow.has(second);
}
