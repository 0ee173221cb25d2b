import { setTimeout as wait } from 'node:timers/promises'
import { miniLogin } from '../load/calls.mjs'
import { startLoad } from '../load/start-load.mjs'
import { patient, startPostgres } from '../servers/postgres.mjs'

const nodeCounts = [1, 2, 4]
/** Longer, and users would reach the 100 sessions that each may have. */
const maxSeconds = 10
/** How many sessions are ended at one node and presented to every other. */
const endedSessions = 200

/**
 * Signs in through 1, 2 and 4 nodes on one database, and counts what must not be: acknowledged sign-ins that are not in
 * the database, users that were created twice, and calls that a node accepts for a session that another one has ended.
 * Null where PostgreSQL is not installed.
 */
export async function checkPostgresNodes({ servers, options, log }) {
  const postgres = await startPostgres()
  if (postgres === null) return null
  try {
    const data = await postgres.prepare(servers.startService)
    const rows = []
    for (const count of nodeCounts) {
      rows.push({ count, ...(await checkNodes({ postgres, servers, data, options, count })) })
      log(`${count} nodes: ${JSON.stringify(rows.at(-1))}`)
    }
    return rows
  } finally {
    await postgres.stop()
  }
}

async function checkNodes({ postgres, servers, data, options, count }) {
  const { url, query, drop } = await postgres.copy()
  const nodes = []
  try {
    for (let node = 0; node < count; node += 1)
      nodes.push(await servers.startService({ url: `${url}?${patient}` }))
    const countRows = async () => {
      const [row] = await query(`select (select count(*) from users)::int as users,
        (select count(*) from sessions)::int as sessions`)
      return row
    }
    const before = await countRows()
    const { rate, acknowledged } = await signIn(nodes, data, options)
    const after = await countRows()
    const accepted = await callWithEnded(nodes, data)
    return {
      rate,
      acknowledged,
      lost: Math.max(0, acknowledged - (after.sessions - before.sessions)),
      doubled: after.users - before.users,
      ended: endedSessions * count,
      accepted,
    }
  } finally {
    for (const node of nodes) await node.stop()
    await drop()
  }
}

/** Returns how many sign-ins were acknowledged in all, and per second of the measured time. */
async function signIn(nodes, data, { connections, seconds }) {
  const next = miniLogin(data)
  const each = Math.max(1, Math.round(connections / nodes.length))
  const loads = nodes.map(({ port }) => startLoad({ port, connections: each, next }))
  await Promise.all(loads.map((load) => load.steady({ cold: false })))
  const windows = await Promise.all(loads.map((load) => load.window(Math.min(maxSeconds, seconds))))
  for (const load of loads) load.stop()
  // What was in flight is finished; it may be in the database and was not acknowledged.
  await wait(500)
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)
  return {
    rate: sum(windows.map(({ rate }) => rate)),
    acknowledged: sum(loads.map((load) => load.replies())),
  }
}

/** Returns how many calls were accepted after their session had been ended. */
async function callWithEnded(nodes, { people }) {
  let accepted = 0
  for (const [index, { accessToken }] of people.slice(0, endedSessions).entries()) {
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' }
    const call = (node, path, init) =>
      fetch(`http://127.0.0.1:${node.port}/trpc/${path}`, { headers, ...init })
    const all = () => Promise.all(nodes.map((node) => call(node, 'me')))
    if (!(await all()).every(({ ok }) => ok)) throw new Error('a live session was refused')
    const ended = await call(nodes[index % nodes.length], 'session.signOut', { method: 'POST' })
    if (!ended.ok) throw new Error(`signOut: ${ended.status} ${await ended.text()}`)
    accepted += (await all()).filter(({ ok }) => ok).length
  }
  return accepted
}
