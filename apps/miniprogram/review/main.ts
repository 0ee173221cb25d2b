import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'vite'
import { describeFinding } from './finding.ts'
import { reviewPackage } from './review.ts'

const usage = `review [FOLDER] [--host HOST]…
  FOLDER  a built mini program; without it, this one is built for MIANMI_SERVICE_URL and reviewed
  --host  a host of the request allow-list; without it, the host of MIANMI_SERVICE_URL`

/** Used when MIANMI_SERVICE_URL is not set; `.example` is reserved (RFC 6761). */
const placeholderUrl = 'https://api.mianmi.example'

const app = fileURLToPath(new URL('../../', import.meta.url))

/** The service's reply to an identity that is not bound. */
function replyToGuest(url: string): unknown {
  if (!url.includes('/trpc/miniLogin')) return undefined
  const unbound = {
    status: 'unbound',
    ticket: 'guest',
    ticketExpiresAt: '2099-01-01T00:00:00.000Z',
  }
  const reply = { result: { data: unbound } }
  return url.includes('batch=1') ? [reply] : reply
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { host: { type: 'string', multiple: true }, help: { type: 'boolean' } },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const service = process.env['MIANMI_SERVICE_URL'] || placeholderUrl
  const folder = positionals[0] ?? (await buildFor(service))
  const allowedHosts = values.host ?? [new URL(service).host]
  const review = await reviewPackage(folder, { allowedHosts, reply: replyToGuest })
  for (const finding of review.findings) console.error(describeFinding(finding))
  for (const reason of review.skipped) console.log(`Not checked: ${reason}`)
  const count = review.findings.length
  console.log(
    `${folder}: ${review.pages} pages, ${review.files} files, allowed ${allowedHosts.join(' ')}: ` +
      (count === 0 ? 'no findings' : `${count} ${count === 1 ? 'finding' : 'findings'}`),
  )
  return count === 0 ? 0 : 1
}

/** Builds the package as it would be uploaded: for the address of the service, not of this machine. */
async function buildFor(service: string): Promise<string> {
  process.env['MIANMI_SERVICE_URL'] = service
  const outDir = `${app}.reports/review-dist`
  await build({
    root: app,
    configFile: `${app}vite.config.ts`,
    logLevel: 'warn',
    build: { outDir },
  })
  return outDir
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
