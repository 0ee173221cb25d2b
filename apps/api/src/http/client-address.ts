import type { FastifyInstance, FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller's IP address: the peer's, or the one that trusted proxies forward. */
    readonly clientAddress: string
  }
}

type Address = ipaddr.IPv4 | ipaddr.IPv6

/**
 * Adds `request.clientAddress`. Forwarded headers count from peers in `trusted` (addresses or CIDR ranges) only; from
 * others they are ignored, because behind a proxy that is not trusted all callers share its address and its limits. Where
 * a trusted peer forwards both headers and they name different addresses, the peer's counts: the proxy writes one of them,
 * and the caller may have sent the other. Each of the two cases is warned of once in the log.
 */
export function readClientAddresses(app: FastifyInstance, trusted: readonly string[]): void {
  const isTrusted = trustedBy(trusted)
  const warned = new Set<string>()
  const warnOnce = (about: string, text: string): void => {
    if (!warned.has(about)) app.log.warn(text)
    warned.add(about)
  }
  app.decorateRequest('clientAddress', {
    getter(this: FastifyRequest): string {
      const peer = this.socket.remoteAddress ?? ''
      const [header, other] = forwardedHeaders(this)
      if (header === undefined) return peer
      if (!isTrusted(peer)) {
        warnOnce(
          'untrusted',
          `the header ${header.name} from ${peer} is ignored, because TRUST_PROXY does not list ${peer}; ` +
            'behind a proxy all callers then share its limits, and 100 wrong passwords block all of them',
        )
        return peer
      }
      const address = forwardedAddress(peer, header, isTrusted)
      if (other === undefined || forwardedAddress(peer, other, isTrusted) === address)
        return address
      warnOnce(
        'contradiction',
        `${header.name} and ${other.name} from ${peer} name different addresses, so the address of ${peer} counts; ` +
          'the proxy must remove the one that it does not write from requests',
      )
      return peer
    },
  })
}

interface ForwardedHeader {
  readonly name: 'X-Forwarded-For' | 'Forwarded'
  readonly value: string
}

/** Those of the two headers that a request has; `Forwarded` is of RFC 7239. */
function forwardedHeaders({ headers }: FastifyRequest): ForwardedHeader[] {
  const { 'x-forwarded-for': list, forwarded } = headers
  return [
    ...(list === undefined ? [] : [{ name: 'X-Forwarded-For', value: String(list) } as const]),
    ...(forwarded === undefined ? [] : [{ name: 'Forwarded', value: forwarded } as const]),
  ]
}

/**
 * The address nearest to the peer that is not trusted. Each proxy appends the address that it was called from, so the
 * list is read from its end, and ends where an entry names no address: what stands before it may be invented.
 */
function forwardedAddress(
  peer: string,
  { name, value }: ForwardedHeader,
  isTrusted: (address: string) => boolean,
): string {
  const nodes = name === 'Forwarded' ? forwardedNodes(value) : value.split(',')
  let nearest = peer
  for (const node of nodes.reverse()) {
    const address = addressIn(node)
    if (address === null) return nearest
    nearest = address
    if (!isTrusted(address)) return nearest
  }
  return nearest
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const quoted = '"(?:[^"\\\\]|\\\\.)*"'
/** `for=192.0.2.1`. Addresses with a colon should be quoted; proxies that do not quote them are understood too. */
const pair = `(?:${token}=(?:${quoted}|[^",;\\s]*))?`
const element = `\\s*${pair}(?:\\s*;\\s*${pair})*\\s*`
/** Characters. Dozens of proxies need fewer; checking the grammar of blanks takes the square of their number. */
const longestForwarded = 2_000
const forwardedGrammar = new RegExp(`^${element}(?:,${element})*$`)
/** The elements of a header, and the pairs of an element: text between commas or semicolons that are not quoted. */
const elements = new RegExp(`(?:[^,"]|${quoted})+`, 'g')
const pairs = new RegExp(`(?:[^;"]|${quoted})+`, 'g')

/**
 * The `for` of each element of a `Forwarded` header (RFC 7239 §4), an empty text where an element has none. A header
 * that breaks the grammar names no address: in a value whose quote is left open, a caller could hide what the proxy appends.
 */
function forwardedNodes(value: string): string[] {
  if (value.length > longestForwarded || !forwardedGrammar.test(value)) return ['']
  return (value.match(elements) ?? []).map((text) => {
    const named = (text.match(pairs) ?? []).map((each) => /^\s*for=(.*)$/i.exec(each)?.[1])
    return named.find((node) => node !== undefined) ?? ''
  })
}

/**
 * The address in one entry, in every form that proxies write: `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`,
 * `[2001:db8::1]`, `[2001:db8::1]:4711`, in quotes (RFC 7239 §6), with a zone (RFC 4007 §11). Null for `unknown`, for
 * `_hidden` and for what is no address.
 */
export function addressIn(entry: string): string | null {
  const node = entry
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .replace(/\\(.)/g, '$1')
    .trim()
  const bracketed = /^\[([^\]]*)\](?::[\w.-]+)?$/.exec(node)?.[1]
  const withPort = /^(\d+\.\d+\.\d+\.\d+):[\w.-]+$/.exec(node)?.[1]
  const address = bracketed ?? withPort ?? node
  // ipaddr.js also reads `127.1`, `0x7f.1` and `2130706433`, which no proxy writes.
  const isPlain = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address)
  return isPlain ? ipaddr.process(address).toString() : null
}

/** Whether an address is in one of the ranges. */
function trustedBy(ranges: readonly string[]): (address: string) => boolean {
  const parsed = ranges.map((range): [Address, number] => {
    const [address = '', bits] = range.split('/')
    const parsedAddress = ipaddr.parse(address)
    return [
      parsedAddress,
      bits === undefined ? parsedAddress.toByteArray().length * 8 : Number(bits),
    ]
  })
  return (text) => {
    if (parsed.length === 0 || !ipaddr.isValid(text)) return false
    const address = ipaddr.process(text)
    return parsed.some(
      ([range, bits]) => address.kind() === range.kind() && address.match(range, bits),
    )
  }
}
