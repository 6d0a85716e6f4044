import { type LookupAddress, type LookupAllOptions, lookup as lookUp } from 'node:dns';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock } from '../timing/clock.ts';
import { type AddressRules, addressRefusal } from './address.ts';
import { directReads } from './direct-reads.ts';

/** A socket that is connected, TLS included, with what that took. */
export interface OpenedSocket {
  readonly socket: Socket;
  readonly openedUs: number;
  readonly tcpMs: number;
  readonly tlsMs: number | null;
  readonly protocol: string;
  readonly remoteAddress: string;
}

/** Finds all addresses of a name. */
export type LookUpAll = (
  hostname: string,
  options: LookupAllOptions,
  tell: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface ConnectorOptions extends AddressRules {
  readonly origin: URL;
  readonly clock: Clock;
  /** The system's own unless told. */
  readonly lookup?: LookUpAll;
}

/**
 * Opens one socket to an origin: resolves the name, refuses addresses that are never to be measured, connects and
 * shakes hands, and times each. A socket that is not up when `signal` is aborted is destroyed.
 */
export async function openSocket(options: ConnectorOptions, signal: AbortSignal): Promise<OpenedSocket> {
  const { origin, clock, lookup = lookUp, privateAddresses = true } = options;
  const rules: AddressRules = { privateAddresses };
  const host = origin.hostname.replace(/^\[|\]$/g, '');
  const secure = origin.protocol === 'https:';
  const port = Number(origin.port || (secure ? 443 : 80));
  if (isIP(host)) refuse(addressRefusal(host, rules));
  const openedUs = clock.nowUs();
  const reads = directReads();
  const plain = connectTcp({
    host,
    port,
    lookup: checked(lookup, rules),
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
    ...(secure ? {} : { onread: reads.onread }),
  });
  if (!secure) reads.attach(plain);
  await ready(plain, 'connect', signal);
  const connectedUs = clock.nowUs();
  const tcpMs = (connectedUs - openedUs) / 1000;
  const remoteAddress = plain.remoteAddress ?? host;
  if (!secure) return { socket: plain, openedUs, tcpMs, tlsMs: null, protocol: 'http/1.1', remoteAddress };
  const encrypted = connectTls({
    socket: plain,
    // The certificate must be for this name or address.
    host,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(host) ? {} : { servername: host }),
  });
  await ready(encrypted, 'secureConnect', signal);
  const tlsMs = (clock.nowUs() - connectedUs) / 1000;
  return { socket: encrypted, openedUs, tcpMs, tlsMs, protocol: encrypted.alpnProtocol || 'http/1.1', remoteAddress };
}

function ready(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      settle();
      socket.destroy();
      reject(error);
    };
    const onAbort = () => fail(new Error('the socket was not up in time'));
    const onClose = () =>
      fail(Object.assign(new Error('the server closed the socket in the handshake'), { code: 'ECONNRESET' }));
    const onReady = () => {
      settle();
      resolve();
    };
    const settle = () => {
      socket.off('error', fail).off('close', onClose).off(event, onReady);
      signal.removeEventListener('abort', onAbort);
      // Whoever owns the socket next listens for its errors; until then none may bring the process down.
      socket.on('error', () => undefined);
    };
    socket.once('error', fail).once('close', onClose).once(event, onReady);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

function refuse(reason: string | null): void {
  if (reason !== null) throw refusalError(reason);
}

function refusalError(reason: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`refused to connect: ${reason}`), { code: 'EADDRREFUSED' });
}

/** Refuses the whole answer if any of its addresses is refused: so no rebinding slips through. */
function checked(lookUpAll: LookUpAll, rules: AddressRules): LookupFunction {
  return (hostname, options, callback) => {
    lookUpAll(hostname, { ...options, all: true }, (error, addresses) => {
      const reason = error ? null : refusalOf(addresses, rules);
      if (error) callback(error, '', 0);
      else if (reason !== null) callback(refusalError(reason), '', 0);
      else if (options.all) callback(null, addresses);
      else callback(null, addresses[0]?.address ?? '', addresses[0]?.family ?? 0);
    });
  };
}

function refusalOf(addresses: readonly LookupAddress[], rules: AddressRules): string | null {
  return addresses.map(({ address }) => addressRefusal(address, rules)).find((reason) => reason !== null) ?? null;
}
