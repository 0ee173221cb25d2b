import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { appId } from '../servers/servers.mjs'
import { fillDatabase } from './fill.mjs'

/** The number of users in whose name the load calls. They sign in through the service. */
const people = 1_000
const concurrency = 32

/** Creates a database in which 1,000 users are signed in. Returns their tokens and the public key. */
export async function prepareData({ folder, servers }) {
  const database = join(folder, 'start.db')
  const service = await servers.startService({ database })
  try {
    const url = `http://127.0.0.1:${service.port}`
    const signedIn = await signInAll(url)
    const { keys } = await (await fetch(`${url}/.well-known/jwks.json`)).json()
    return { database, people: signedIn, publicJwk: keys[0] }
  } finally {
    await service.stop()
  }
}

/** Copies the database and fills it to `total` users and identities, and three times as many sessions. */
export function growDatabase(data, total) {
  const database = data.database.replace(/start\.db$/, `${total}.db`)
  copyFileSync(data.database, database)
  fillDatabase(database, total)
  return { ...data, database }
}

export async function signInAll(url) {
  const signedIn = []
  let next = 0
  const work = async () => {
    for (let person = next++; person < people; person = next++)
      signedIn[person] = await signIn(url, person)
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  return signedIn
}

async function signIn(url, person) {
  const reply = await fetch(`${url}/trpc/miniLogin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ appId, code: `${person}.start` }),
  })
  const { result, error } = await reply.json()
  if (result?.data.status !== 'signedIn')
    throw new Error(`person ${person} could not sign in: ${JSON.stringify(error)}`)
  return { userId: result.data.user.id, accessToken: result.data.tokens.accessToken }
}
