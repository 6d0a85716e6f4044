import type { Auth } from '../spec/auth.ts';
import { isRecord } from './json.ts';
import { openaiEndpoint } from './openai-request.ts';

/** An endpoint that a deployed stack may measure, with the one key that may be sent there. */
export interface AllowedTarget {
  /** `llm.example.com` with the scheme's own port, or `llm.example.com:8443`. */
  readonly host: string;
  /** Name or ARN of a secret, exactly as a sweep names it. */
  readonly secret?: string;
  /** Which field of a secret that is JSON; without it only the whole secret. */
  readonly field?: string;
  /** Name of a parameter, exactly as a sweep names it. */
  readonly parameter?: string;
  /** A path to which the key may be sent, too, beside those that end in /chat/completions or /invocations. */
  readonly path?: string;
  /** The host may resolve to private and loopback addresses. @default false */
  readonly privateAddresses?: boolean;
}

/** Who would be measured. */
export interface AskedTarget {
  readonly url: string;
  readonly auth: Auth | null;
}

/** The list is no list of allowed targets; holds every fault at once. */
export class AllowedTargetsError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`the list of allowed targets can't be used: ${faults.join('; ')}`);
    this.name = 'AllowedTargetsError';
    this.faults = faults;
  }
}

/**
 * Reads a JSON list of allowed targets; hosts become what a URL makes of them, in lower case and Punycode.
 * @throws AllowedTargetsError with every fault
 */
export function parseAllowedTargets(json: string): readonly AllowedTarget[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new AllowedTargetsError(['it is no JSON']);
  }
  if (!Array.isArray(value)) throw new AllowedTargetsError(['it is no list']);
  const faults = value.flatMap((entry: unknown, index) => faultsOf(entry).map((fault) => `[${index}]${fault}`));
  if (faults.length > 0) throw new AllowedTargetsError(faults);
  return (value as AllowedTarget[]).map((entry) => ({ ...entry, host: canonicalHost(entry.host) ?? entry.host }));
}

const keys = ['host', 'secret', 'field', 'parameter', 'path', 'privateAddresses'];

function faultsOf(entry: unknown): string[] {
  if (!isRecord(entry)) return [' is no object such as {"host": "llm.example.com"}'];
  const { host, secret, field, parameter, path, privateAddresses } = entry;
  const isName = (value: unknown) => value === undefined || (typeof value === 'string' && value !== '');
  return [
    ...Object.keys(entry).flatMap((key) =>
      keys.includes(key) ? [] : [`.${key} is no key: only ${keys.join(', ')} are`],
    ),
    ...(typeof host === 'string' && canonicalHost(host) !== null
      ? []
      : [
          '.host must be a host such as llm.example.com or llm.example.com:8443, without scheme, user, path, pattern and final dot',
        ]),
    ...(isName(secret) ? [] : ['.secret must be the name or ARN of a secret']),
    ...(isName(field) && (field === undefined || secret !== undefined)
      ? []
      : ['.field must be the name of a field of the secret']),
    ...(path === undefined || (typeof path === 'string' && path.startsWith('/'))
      ? []
      : ['.path must be a path such as /v2/chat']),
    ...(isName(parameter) ? [] : ['.parameter must be the name of a parameter']),
    ...(secret === undefined || parameter === undefined ? [] : ['.parameter stands beside secret: a pair has one key']),
    ...(privateAddresses === undefined || typeof privateAddresses === 'boolean'
      ? []
      : ['.privateAddresses must be true or false']),
  ];
}

/** A host with its port as URLs write it; null when it is none. The port stays, also where it is the scheme's own. */
function canonicalHost(host: string): string | null {
  const [, name, port] = /^(\[[^\]]*\]|[^:\s/@?#*\\]+)(?::(\d{1,5}))?$/.exec(host) ?? [];
  if (name === undefined || name.endsWith('.') || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535) return null;
  if (!URL.canParse(`https://${name}/`)) return null;
  const { hostname, href } = new URL(`https://${name}/`);
  if (href !== `https://${hostname}/`) return null;
  return port === undefined ? hostname : `${hostname}:${Number(port)}`;
}

/** The pair that allows a target: its host and port, and exactly its key. Null when there is none. */
export function allowanceOf({ url, auth }: AskedTarget, allowed: readonly AllowedTarget[]): AllowedTarget | null {
  const place = placeOf(url);
  if (place === null) return null;
  const fitting = allowed.filter((pair) => allowsHost(pair, place) && allowsKey(pair, auth) && allowsPath(pair, place));
  return fitting.find(({ privateAddresses }) => privateAddresses === true) ?? fitting[0] ?? null;
}

/** Why a target may not be measured from this stack, with what to add where; null when it may. */
export function targetRefusal(target: AskedTarget, allowed: readonly AllowedTarget[]): string | null {
  const { url, auth } = target;
  const place = placeOf(url);
  if (place === null) return 'this stack measures only URLs that begin with http:// or https:// and hold no user name';
  if (auth !== null && 'env' in auth) {
    return 'target.auth.env names an environment variable, and workers in the cloud have none of yours: put the key into Secrets Manager or Parameter Store and name it under target.auth.secret or target.auth.parameter';
  }
  if (allowanceOf(target, allowed) !== null) return null;
  return `this stack does not allow ${place.origin} ${keyWords(auth)}${note(place, auth, allowed)}: add ${JSON.stringify(pairFor(place, auth))} to the list "allowedTargets" under "context" in cdk.json, and deploy again`;
}

function note(place: Place, auth: Auth | null, allowed: readonly AllowedTarget[]): string {
  if (place.scheme === 'http' && auth !== null)
    return ' (over plain http a key can be read on its way: better is https)';
  return allowed.some((pair) => allowsHost(pair, place)) ? ' (the host is allowed, but not so)' : '';
}

interface Place {
  readonly origin: string;
  readonly scheme: 'http' | 'https';
  readonly hostname: string;
  /** Null: the scheme's own. */
  readonly port: string | null;
  /** Of the address that is sent to. */
  readonly path: string;
}

const ownPorts = { http: '80', https: '443' } as const;

/** Where requests to a URL go, as the URL itself is taken apart when they are sent. */
function placeOf(url: string): Place | null {
  if (!URL.canParse(url)) return null;
  const { protocol, hostname, port, username, password, origin } = new URL(url);
  const scheme = protocol === 'https:' ? 'https' : protocol === 'http:' ? 'http' : null;
  if (scheme === null || hostname === '' || username !== '' || password !== '') return null;
  const { pathname: path } = new URL(openaiEndpoint(url));
  return { origin, scheme, hostname, port: port === '' ? null : port, path };
}

const hasKey = ({ secret, parameter }: AllowedTarget) => secret !== undefined || parameter !== undefined;

/**
 * A pair without a port allows the scheme's own. Plain http sends a key for all to read: that takes a pair that says
 * port 80, or a port of a private network.
 */
function allowsHost(pair: AllowedTarget, { scheme, hostname, port }: Place): boolean {
  const named = pair.host === `${hostname}:${port ?? ownPorts[scheme]}`;
  if (!named && (pair.host !== hostname || port !== null)) return false;
  if (scheme === 'https' || !hasKey(pair)) return true;
  return named && (port === null || pair.privateAddresses === true);
}

function allowsKey({ secret, field, parameter }: AllowedTarget, auth: Auth | null): boolean {
  if (auth === null) return secret === undefined && parameter === undefined;
  if ('env' in auth) return false;
  return 'secret' in auth
    ? secret === auth.secret && (field ?? null) === auth.field
    : parameter !== undefined && parameter === auth.parameter;
}

/** What asks a model for an answer; any other path of the host could do anything in the key's name. */
const answerPath = /\/(chat\/completions|completions|invocations)$/;
/** What a server may take for a slash, or for the end of a path. */
const disguised = /%2f|%5c|%00|;|\\/i;

function allowsPath(pair: AllowedTarget, { path }: Place): boolean {
  if (!hasKey(pair) || pair.path === path) return true;
  return answerPath.test(path) && !disguised.test(path);
}

function keyWords(auth: Auth | null): string {
  if (auth === null || 'env' in auth) return 'without a key';
  return 'secret' in auth
    ? `with the secret ${JSON.stringify(auth.secret)}`
    : `with the parameter ${JSON.stringify(auth.parameter)}`;
}

function pairFor({ scheme, hostname, port, path }: Place, auth: Auth | null): AllowedTarget {
  const key =
    auth === null || 'env' in auth
      ? {}
      : 'secret' in auth
        ? { secret: auth.secret, ...(auth.field !== null && { field: auth.field }) }
        : { parameter: auth.parameter };
  const needsPort = port !== null || (scheme === 'http' && auth !== null);
  const host = needsPort ? `${hostname}:${port ?? ownPorts[scheme]}` : hostname;
  const keyed = Object.keys(key).length > 0;
  const open = scheme === 'http' && port !== null && keyed;
  const otherPath = keyed && (!answerPath.test(path) || disguised.test(path));
  return { host, ...key, ...(otherPath && { path }), ...(open && { privateAddresses: true }) };
}
