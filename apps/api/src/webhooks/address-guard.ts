import { isIP, isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Range = readonly [Address, number]

/** Unicast addresses of the Internet; every other IPv6 address is reserved or local (IANA, IPv6 Address Space). */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')
/** Where translators (NAT64) put IPv4 addresses, whose last 32 bits are the address: RFC 6052 §2.1. */
const translated = ipaddr.IPv6.parseCIDR('64:ff9b::/96')

/** Where clouds give credentials of the machine to each process on it. No receiver is there, so no range allows them. */
const metadata = [
  // AWS, Google, Azure, Huawei; Tencent; Alibaba; Oracle.
  ...['169.254.169.254', '169.254.0.23', '100.100.100.200', '192.0.0.192'],
  // Of Azure's host agent, which hands out certificates, at a public address.
  '168.63.129.16',
  // Of containers on AWS: ECS, EKS Pod Identity.
  ...['169.254.170.2', '169.254.170.23', 'fd00:ec2::23'],
  // AWS and Google on IPv6.
  ...['fd00:ec2::254', 'fd20:ce::254'],
].map((text) => ipaddr.parse(text).toNormalizedString())

/** Whether a text is an address or a CIDR range, as WEBHOOK_ALLOW and TRUST_PROXY take them. */
export const isRange = (text: string): boolean => parseRange(text) !== null

/** Whether ranges together have every address of IPv4, or every one of IPv6. */
export const haveEveryAddress = (ranges: readonly string[]): boolean =>
  [4, 16].some((length) => {
    const spans = ranges
      .flatMap((text) => parseRange(text) ?? [])
      .filter(([address]) => address.toByteArray().length === length)
      .map(spanOf)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    let next = 0n
    for (const [first, last] of spans) if (first <= next && last >= next) next = last + 1n
    return next === 1n << BigInt(length * 8)
  })

/** The first and the last address of a range, as numbers. */
function spanOf([address, bits]: Range): readonly [bigint, bigint] {
  const bytes = address.toByteArray()
  const size = 1n << BigInt(bytes.length * 8 - bits)
  const value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  const first = value - (value % size)
  return [first, first + size - 1n]
}

/**
 * Tells whether webhooks may call an address. Allowed are unicast addresses of the Internet, and those in `allowed`
 * (addresses and CIDR ranges). An IPv4 address that is written in IPv6, mapped or for a NAT64, is checked as the IPv4
 * address that the packets reach. Other embeddings (6to4, Teredo, IPv4-compatible) are refused.
 */
export function createAddressGuard(allowed: readonly string[]): (address: string) => boolean {
  const ranges = allowed.flatMap((text) => parseRange(text) ?? [])
  return (text) => {
    if (isIP(text) === 0) return false
    const address = reachedBy(parseAddress(text))
    if (metadata.includes(address.toNormalizedString())) return false
    if (ranges.some((range) => isIn(address, range))) return true
    if (address.range() !== 'unicast') return false
    return address instanceof ipaddr.IPv4 || address.match(globalUnicast)
  }
}

/** In a list of one, which `flatMap` unpacks; null for a text that is neither an address nor a range. */
function parseRange(text: string): [Range] | null {
  const [address = '', bits, ...rest] = text.split('/')
  if (isIP(address) === 0 || address.includes('%') || rest.length > 0) return null
  const parsed = parseAddress(address)
  const mostBits = parsed.toByteArray().length * 8
  if (bits === undefined) return [[parsed, mostBits]]
  return /^\d{1,3}$/.test(bits) && Number(bits) <= mostBits ? [[parsed, Number(bits)]] : null
}

/** ipaddr.js takes the IPv4-compatible `::192.0.2.1` for the mapped `::ffff:192.0.2.1`; the parser of URLs does not. */
function parseAddress(text: string): Address {
  const isDotted = isIPv6(text) && text.includes('.')
  return ipaddr.parse(isDotted ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text)
}

/** The IPv4 address that an IPv6 address stands for, or the address itself. */
function reachedBy(address: Address): Address {
  if (address instanceof ipaddr.IPv4) return address
  if (address.isIPv4MappedAddress()) return address.toIPv4Address()
  return address.match(translated) ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address
}

function isIn(address: Address, [range, bits]: Range): boolean {
  return address.kind() === range.kind() && address.match(range, bits)
}
