import { lookup, Resolver } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'

/** All addresses of a host name. @throws Error where it has none */
export type Resolve = (hostname: string) => Promise<readonly string[]>

/** How long the servers of a name may take, in ms. */
const answerTimeout = 3_000
/** The server has answered that there is no such name, or none of that kind. */
const unknownCodes = ['ENOTFOUND', 'ENODATA']

/**
 * Asks DNS without a thread: `lookup` takes one of the four threads of Node's pool until the servers answer, so a few names
 * whose servers do not would hold up every other name. `lookup` is asked for what it answers at once: names in the file of
 * hosts, and names that DNS does not know as they are, because the system has search domains and sources besides DNS. Calls
 * at the same time for one name share one question.
 *
 * @param servers default: those of the system
 */
export function createResolver(servers?: readonly string[]): Resolve {
  const questions = new Map<string, Promise<readonly string[]>>()
  return (hostname) => {
    const asked = questions.get(hostname)
    if (asked !== undefined) return asked
    const question = ask(hostname, servers).finally(() => questions.delete(hostname))
    questions.set(hostname, question)
    return question
  }
}

async function ask(hostname: string, servers?: readonly string[]): Promise<readonly string[]> {
  if (await isInHostsFile(hostname)) return lookUp(hostname)
  const resolver = new Resolver({ timeout: answerTimeout, tries: 1 })
  if (servers !== undefined) resolver.setServers(servers)
  const answers = await Promise.allSettled([
    resolver.resolve4(hostname),
    resolver.resolve6(hostname),
  ])
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  if (found.length > 0) return found
  const failed = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
  const silent = failed.find(({ code }) => !unknownCodes.includes(code))
  if (silent !== undefined) throw silent
  return lookUp(hostname)
}

async function lookUp(hostname: string): Promise<string[]> {
  const found = await lookup(hostname, { all: true, order: 'ipv4first' })
  return found.map(({ address }) => address)
}

/** The file is read each time, because it may change while the service runs. */
async function isInHostsFile(hostname: string): Promise<boolean> {
  if (/(^|\.)localhost$/.test(hostname)) return true
  const text = await readFile('/etc/hosts', 'utf8').catch(() => '')
  return text
    .toLowerCase()
    .split('\n')
    .some((line) => line.replace(/#.*/, '').split(/\s+/).slice(1).includes(hostname))
}
