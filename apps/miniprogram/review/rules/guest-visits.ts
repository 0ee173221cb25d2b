import { type Finding, rules } from '../finding.ts'
import type { EnvVersion } from '../guest/guest-wx.ts'
import { visitAsGuest } from '../guest/visit-as-guest.ts'
import type { PackageFiles } from '../package-files.ts'
import { at } from './scripts.ts'

/** The service's reply to a request; undefined when it cannot be reached. */
export type GuestReply = (url: string) => unknown

const isSignIn = (page: string) =>
  /(^|[/-])(log-?in|sign-?(in|up)|auth|register)([/-]|$)/i.test(page)
const unreachable: GuestReply = () => undefined

/** Visits each page as a guest who is not bound, and as a guest who is offline. */
export async function findForcedSignIn(files: PackageFiles, reply: GuestReply): Promise<Finding[]> {
  const findings: Finding[] = []
  const [entry = ''] = files.pages
  if (isSignIn(entry)) {
    const place = { name: entry, file: 'app.json', line: 0, column: 0 }
    findings.push(at(rules.forced, place, `the first page is ${entry}`))
  }
  for (const page of files.pages.filter((one) => !isSignIn(one) && files.has(`${one}.js`))) {
    for (const guestReply of [reply, unreachable]) {
      const guest = { envVersion: 'develop', reply: guestReply } as const
      const { actions } = await visitAsGuest(files, page, guest)
      const forced = actions.find(
        ({ name }) => name.startsWith('wx.') || isSignIn(name.split('?')[0] ?? ''),
      )
      if (!forced) continue
      findings.push(at(rules.forced, forced, `${page} opens ${forced.name} for a guest by itself`))
      break
    }
  }
  return findings
}

/** Compares the hosts of the same visit for each envVersion. */
export async function findHostsByEnvironment(
  files: PackageFiles,
  reply: GuestReply,
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
