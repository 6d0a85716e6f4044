import ipaddr from 'ipaddr.js';

export interface AddressRules {
  /** Addresses of private networks and of this machine may be connected to. @default true */
  readonly privateAddresses?: boolean;
}

type Address = ReturnType<typeof ipaddr.process>;

/** Addresses under which clouds hand out credentials, beside the link-local ones. */
const metadataAddresses = new Set(['fd00:ec2::254', '100.100.100.200', '168.63.129.16']);

/** Why a resolved address is never connected to; null when it may be. Anything that is no address is refused. */
export function addressRefusal(address: string, { privateAddresses = true }: AddressRules = {}): string | null {
  if (!ipaddr.isValid(address)) return `${address} is no address`;
  const parsed = ipaddr.process(address);
  const meant = translated(parsed) ?? parsed;
  if (meant.range() === 'linkLocal') return `${address} is link-local, where clouds keep their metadata`;
  if (metadataAddresses.has(meant.toString())) return `${address} is a cloud's metadata service`;
  if (meant.range() === 'multicast' || meant.range() === 'broadcast') return `${address} is no single host`;
  if (privateAddresses || isPublic(meant)) return null;
  return `${address} is no public address; the stack allows others only with "privateAddresses": true beside the host in allowedTargets`;
}

/** The IPv4 address that a translator would make of an IPv6 one (RFC 6052, RFC 6145, 6to4); null for any other. */
function translated(address: Address): Address | null {
  const range = address.range();
  const bytes = address.toByteArray();
  if (range === 'rfc6052' || range === 'rfc6145') return ipaddr.fromByteArray(bytes.slice(12));
  return range === '6to4' ? ipaddr.fromByteArray(bytes.slice(2, 6)) : null;
}

/** An address that the internet routes to one host; of IPv6 only what is given out (2000::/3). */
function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || ((address.toByteArray()[0] ?? 0) & 0xe0) === 0x20;
}
