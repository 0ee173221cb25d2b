import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { appId } from '../servers/servers.mjs'
import { fill } from './fill.mjs'

/** Whose calls the load makes: people who signed in through the service itself. */
const people = 1_000
const atOnce = 32

/** A database in which 1,000 people are signed in, and what is needed to call in their name. */
export async function prepareData({ folder, servers }) {
  const database = join(folder, 'start.db')
  const service = await servers.startService({ database })
  try {
    const at = `http://127.0.0.1:${service.port}`
    const signedIn = await signInAll(at)
    const { keys } = await (await fetch(`${at}/.well-known/jwks.json`)).json()
    return { database, people: signedIn, publicJwk: keys[0] }
  } finally {
    await service.stop()
  }
}

/** The same with `total` users and identities, and three times as many sessions. */
export function grow(data, total) {
  const database = data.database.replace(/start\.db$/, `${total}.db`)
  copyFileSync(data.database, database)
  fill(database, total)
  return { ...data, database }
}

async function signInAll(at) {
  const signedIn = []
  let next = 0
  const work = async () => {
    for (let person = next++; person < people; person = next++)
      signedIn[person] = await signIn(at, person)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return signedIn
}

async function signIn(at, person) {
  const reply = await fetch(`${at}/trpc/miniLogin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ appId, code: `${person}.start` }),
  })
  const { result, error } = await reply.json()
  if (result?.data.status !== 'signedIn')
    throw new Error(`person ${person} could not sign in: ${JSON.stringify(error)}`)
  return { userId: result.data.user.id, accessToken: result.data.tokens.accessToken }
}
