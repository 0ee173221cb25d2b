import { maxWebhookUrlLength } from '@mianmi/core'

/** Ports from 1,024 on that browsers refuse too, because other protocols listen there: Fetch, "port blocking". */
const blockedPorts = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669,
  6679, 6697, 10080,
])

/** The parser drops or rewrites spaces, controls and backslashes; a list would then show another address than is called. */
const plainUrl = /^https?:\/\/[^\s\\\p{C}]+$/iu

/**
 * The address of a receiver; null where it may be no webhook: another scheme than http and https, a user or password,
 * or a port below 1,024 that is not 80 or 443, because no text of ours belongs into a mail server.
 *
 * The parser writes an IPv4 host in decimal, octal or hexadecimal form as four decimal parts.
 */
export function parseWebhookUrl(text: string): URL | null {
  if (text.length > maxWebhookUrlLength || !plainUrl.test(text) || !URL.canParse(text)) return null
  const url = new URL(text)
  const isHttp = url.protocol === 'https:' || url.protocol === 'http:'
  if (!isHttp || url.username !== '' || url.password !== '' || url.hash !== '') return null
  return mayUsePort(portOf(url)) ? url : null
}

/** The port that a URL names, or that of its scheme. */
export const portOf = ({ port, protocol }: URL): number =>
  port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)

const mayUsePort = (port: number): boolean =>
  port === 80 || port === 443 || (port >= 1_024 && !blockedPorts.has(port))
