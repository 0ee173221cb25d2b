import { type Finding, rules } from '../finding.ts'
import type { EnvVersion } from '../guest/guest-wx.ts'
import { visitAsGuest } from '../guest/visit-as-guest.ts'
import type { PackageFiles } from '../package-files.ts'
import { at } from './scripts.ts'

export type Reply = (url: string) => unknown

const isSignIn = (page: string) =>
  /(^|[/-])(log-?in|sign-?(in|up)|auth|register)([/-]|$)/i.test(page)
const outOfReach: Reply = () => undefined

/** Visits every page as somebody whom the service does not know, and as somebody who is offline. */
export async function findForcedSignIn(files: PackageFiles, reply: Reply): Promise<Finding[]> {
  const findings: Finding[] = []
  const [entry = ''] = files.pages
  if (isSignIn(entry)) {
    const place = { what: entry, file: 'app.json', line: 0, column: 0 }
    findings.push(at(rules.forced, place, `opens with ${entry}`))
  }
  for (const page of files.pages.filter((one) => !isSignIn(one) && files.has(`${one}.js`))) {
    for (const guest of [reply, outOfReach]) {
      const { moves } = await visitAsGuest(files, page, { envVersion: 'develop', reply: guest })
      const forced = moves.find(
        ({ what }) => what.startsWith('wx.') || isSignIn(what.split('?')[0] ?? ''),
      )
      if (!forced) continue
      findings.push(at(rules.forced, forced, `${page} leads a guest to ${forced.what} by itself`))
      break
    }
  }
  return findings
}

/** Whether the same visit asks other hosts, depending on what WeChat calls the version. */
export async function findHostsByEnvironment(
  files: PackageFiles,
  reply: Reply,
): Promise<Finding[]> {
  const versions: EnvVersion[] = ['develop', 'trial', 'release']
  const findings: Finding[] = []
  for (const page of files.pages.filter((one) => files.has(`${one}.js`))) {
    const hosts = await Promise.all(
      versions.map(async (envVersion) => {
        const { requests } = await visitAsGuest(files, page, { envVersion, reply })
        return [...new Set(requests.map((url) => url.split('/', 3).join('/')))].sort().join(' ')
      }),
    )
    if (new Set(hosts).size < 2) continue
    const detail = versions
      .map((version, index) => `${version}: ${hosts[index] || 'none'}`)
      .join(', ')
    findings.push({ rule: rules.environment, file: `${page}.js`, line: 0, column: 0, detail })
  }
  return findings
}
