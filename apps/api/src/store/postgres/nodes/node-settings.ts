import { createHash } from 'node:crypto'

/** What all nodes of one database must have alike. SECRET_KEY is checked by what is stored under it. */
export interface NodeSettings {
  readonly issuer: string
  readonly appIds: readonly string[]
}

/** As other nodes see it. */
interface SeenSettings {
  readonly issuer: string
  readonly apps: string
  /** The host of the issuer, cut off where it is long. */
  readonly host: string
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8)

/** PostgreSQL cuts an application name off there, in bytes (NAMEDATALEN). */
const maxName = 63

/** The name under which a node connects, which every other node of the database can read: no secret is in it. */
export function nodeName({ issuer, appIds }: NodeSettings): string {
  const apps = digest([...appIds].sort().join())
  return `mianmi ${digest(issuer)} ${apps} ${new URL(issuer).host}`.slice(0, maxName)
}

function readNodeName(name: string): SeenSettings | null {
  const [, issuer, apps, host] = /^mianmi ([0-9a-f]{8}) ([0-9a-f]{8}) (\S+)$/.exec(name) ?? []
  return issuer === undefined || apps === undefined || host === undefined
    ? null
    : { issuer, apps, host }
}

/** What a node that connects under the name `other` has differently: a line for each variable. */
export function describeDifferences(own: NodeSettings, other: string): string[] {
  const [mine, theirs] = [readNodeName(nodeName(own)), readNodeName(other)]
  if (mine === null || theirs === null) return []
  const until = 'until all nodes have the same; while you change it node by node, that is meant'
  return [
    ...(mine.issuer === theirs.issuer
      ? []
      : [
          `ISSUER is ${own.issuer} here, and another one at a node on the same database (of the host ${theirs.host}): each refuses the access tokens of the other, ${until}`,
        ]),
    ...(mine.apps === theirs.apps
      ? []
      : [
          `WECHAT_APPS has the appids ${[...own.appIds].join(', ')} here, and others at a node on the same database: sign-ins depend on the node that they reach, ${until}`,
        ]),
  ]
}
