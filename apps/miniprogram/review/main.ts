import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'vite'
import { describeFinding } from './finding.ts'
import { reviewPackage } from './review.ts'

const usage = `review [FOLDER] [--host HOST]…
  FOLDER  a built mini program; without it, this one is built for MIANMI_SERVICE_URL and reviewed
  --host  a host of the request allow-list; without it, that of MIANMI_SERVICE_URL`

/** Stands for the address of a service that is not known yet; `.example` belongs to nobody (RFC 6761). */
const standIn = 'https://api.mianmi.example'

const app = fileURLToPath(new URL('../../', import.meta.url))

/** To somebody whom the service does not know it says: bind first. */
function replyToGuest(url: string): unknown {
  if (!url.includes('/trpc/miniLogin')) return undefined
  const unbound = {
    status: 'unbound',
    ticket: 'guest',
    ticketExpiresAt: '2099-01-01T00:00:00.000Z',
  }
  const answer = { result: { data: unbound } }
  return url.includes('batch=1') ? [answer] : answer
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
  const service = process.env['MIANMI_SERVICE_URL'] || standIn
  const folder = positionals[0] ?? (await buildFor(service))
  const allowedHosts = values.host ?? [new URL(service).host]
  const review = await reviewPackage(folder, { allowedHosts, reply: replyToGuest })
  for (const finding of review.findings) console.error(describeFinding(finding))
  for (const reason of review.skipped) console.log(`Not checked: ${reason}`)
  const count = review.findings.length
  console.log(
    `${folder}: ${review.pages} pages, ${review.files} files, allowed ${allowedHosts.join(' ')}: ` +
      (count === 0
        ? 'nothing to object to'
        : `${count} ${count === 1 ? 'objection' : 'objections'}`),
  )
  return count === 0 ? 0 : 1
}

/** As it would be uploaded: for the address that it will have, not for this machine's. */
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
