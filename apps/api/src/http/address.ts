import { isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Where translators (NAT64) put the IPv4 addresses of callers, whose last 32 bits are the address: RFC 6052 §2.1. */
const translated: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('64:ff9b::'), 96]

/**
 * Identifies the caller's network: an IPv4 address, also one that a translator wrote in IPv6, or the /64 of an IPv6
 * address, because one host can use all addresses of its /64 (RFC 6177).
 */
export function networkOf(address: string): string {
  // Fast path: most addresses are IPv4, and this check takes a tenth of the time.
  if (isIPv4(address)) return address
  if (!ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(address)
  if (!('parts' in parsed)) return parsed.toString()
  if (parsed.match(translated)) return new ipaddr.IPv4(parsed.toByteArray().slice(12)).toString()
  const [a = 0, b = 0, c = 0, d = 0] = parsed.parts
  return `${[a, b, c, d].map((part) => part.toString(16)).join(':')}::/64`
}
