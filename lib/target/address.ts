import ipaddr from 'ipaddr.js';

/** Addresses under which clouds hand out credentials, beside the link-local ones. */
const metadataAddresses = new Set(['fd00:ec2::254', '100.100.100.200', '168.63.129.16']);

/** Why a resolved address is never connected to; null when it may be. Anything that is no address is refused. */
export function addressRefusal(address: string): string | null {
  if (!ipaddr.isValid(address)) return `${address} is no address`;
  const parsed = ipaddr.process(address);
  if (parsed.range() === 'linkLocal') return `${address} is link-local, where clouds keep their metadata`;
  if (metadataAddresses.has(parsed.toString())) return `${address} is a cloud's metadata service`;
  if (parsed.range() === 'multicast' || parsed.range() === 'broadcast') return `${address} is no single host`;
  return null;
}
