import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addressRefusal } from '../../lib/target/address.ts';

type Fate = 'anywhere' | 'where private is allowed' | 'never';

const addresses: readonly (readonly [address: string, fate: Fate, why: string])[] = [
  ['8.8.8.8', 'anywhere', 'public'],
  ['172.15.255.255', 'anywhere', 'just below 172.16/12'],
  ['172.32.0.0', 'anywhere', 'just above 172.16/12'],
  ['100.63.255.255', 'anywhere', 'just below 100.64/10'],
  ['2606:4700::1111', 'anywhere', 'public IPv6'],
  ['64:ff9b::8.8.8.8', 'anywhere', 'a public IPv4 address behind NAT64, all there is in an IPv6 network'],
  ['10.0.0.1', 'where private is allowed', '10/8'],
  ['10.255.255.255', 'where private is allowed', 'the end of 10/8'],
  ['172.16.0.1', 'where private is allowed', '172.16/12'],
  ['172.31.255.255', 'where private is allowed', 'the end of 172.16/12'],
  ['192.168.1.1', 'where private is allowed', '192.168/16'],
  ['127.0.0.1', 'where private is allowed', '127/8'],
  ['127.255.255.254', 'where private is allowed', 'the end of 127/8'],
  ['100.64.0.1', 'where private is allowed', '100.64/10, shared behind carriers'],
  ['0.0.0.0', 'where private is allowed', 'this machine, to Linux'],
  ['0.1.2.3', 'where private is allowed', '0/8'],
  ['192.0.2.1', 'where private is allowed', 'for documentation'],
  ['198.18.0.1', 'where private is allowed', 'for benchmarks of networks'],
  ['240.0.0.1', 'where private is allowed', 'never given out'],
  ['::', 'where private is allowed', 'this machine'],
  ['::1', 'where private is allowed', 'loopback'],
  ['fc00::1', 'where private is allowed', 'fc00::/7'],
  ['fdff:ffff::1', 'where private is allowed', 'the end of fc00::/7'],
  ['fec0::1', 'where private is allowed', 'site-local, long deprecated'],
  ['::ffff:10.0.0.1', 'where private is allowed', 'private, mapped into IPv6'],
  ['::ffff:a00:1', 'where private is allowed', 'the same in hex'],
  ['::10.0.0.1', 'where private is allowed', 'private, compatible with IPv6'],
  ['::ffff:0:10.0.0.1', 'where private is allowed', 'private, translated (RFC 6145)'],
  ['64:ff9b::10.0.0.1', 'where private is allowed', 'private, behind NAT64'],
  ['2002:a00:1::1', 'where private is allowed', 'private, by 6to4'],
  ['2001::1', 'where private is allowed', 'Teredo, whose IPv4 address is hidden'],
  ['2001:db8::1', 'where private is allowed', 'for documentation'],
  ['4000::1', 'where private is allowed', 'given out to nobody'],
  ['169.254.169.254', 'never', "a cloud's metadata"],
  ['169.254.0.1', 'never', 'link-local'],
  ['fe80::1', 'never', 'link-local'],
  ['::ffff:169.254.169.254', 'never', 'metadata, mapped into IPv6'],
  ['64:ff9b::169.254.169.254', 'never', 'metadata, behind NAT64'],
  ['2002:a9fe:a9fe::1', 'never', 'metadata, by 6to4'],
  ['fd00:ec2::254', 'never', "EC2's metadata over IPv6"],
  ['100.100.100.200', 'never', "a cloud's metadata in 100.64/10"],
  ['168.63.129.16', 'never', "a cloud's metadata at a public address"],
  ['224.0.0.1', 'never', 'many hosts'],
  ['255.255.255.255', 'never', 'all hosts'],
  ['ff02::1', 'never', 'many hosts'],
  ['localhost', 'never', 'a name'],
  ['', 'never', 'nothing'],
];

describe('which addresses are connected to', () => {
  for (const [address, fate, why] of addresses) {
    test(`${address || '(empty)'}: ${fate} (${why})`, () => {
      const asPublic = addressRefusal(address, { privateAddresses: false });
      const asPrivate = addressRefusal(address, { privateAddresses: true });
      assert.equal(asPublic === null, fate === 'anywhere');
      assert.equal(asPrivate === null, fate !== 'never');
      assert.equal(addressRefusal(address), asPrivate, 'private is allowed unless told otherwise');
      if (fate === 'where private is allowed') assert.match(asPublic ?? '', /"privateAddresses": true/);
    });
  }
});
