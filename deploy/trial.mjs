import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** Prints what holds. @throws Error where it does not hold, which ends the trial */
export function check(isTrue, text) {
  if (!isTrue) throw new Error(`failed: ${text}`)
  console.log(`ok: ${text}`)
}

/** A port of the loopback address that no process listens on. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

/** Resolves with true once `url` is answered with a 2xx, and with false where the process ends before. */
export async function answers(url, child) {
  while (child.exitCode === null) {
    const reply = await fetch(url).catch(() => null)
    if (reply?.ok) return true
    await wait(100)
  }
  return false
}
