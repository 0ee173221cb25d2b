import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { LoadOrder, LoadResult } from './load.ts'
import { token } from './lookup.ts'

/**
 * Compares the cost of tRPC through either adapter with that of a bare route that does the same work. The contestants
 * take turns in several rounds, so that other load on the machine affects all of them.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '64' },
    profile: { type: 'string' },
  },
})

interface Contestant {
  readonly name: string
  readonly request: string
}

const get = (path: string) =>
  `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\n\r\n`
const post = (path: string, body: string) =>
  `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
const rename = '{"nickname":"Visitor"}'

const contests: readonly (readonly Contestant[])[] = [
  [
    { name: 'query, bare route', request: get('/bare/me') },
    { name: 'query, trpcFastify', request: get('/direct/me') },
    { name: 'query with output schema, trpcFastify', request: get('/direct/checked') },
    { name: 'query behind a middleware, trpcFastify', request: get('/direct/behind') },
    { name: 'query in a batch of one, trpcFastify', request: get('/direct/me?batch=1') },
    { name: 'query, official adapter', request: get('/official/me') },
  ],
  [
    { name: 'mutation, bare route', request: post('/bare/rename', rename) },
    { name: 'mutation with input schema, trpcFastify', request: post('/direct/rename', rename) },
    { name: 'mutation with input schema, official', request: post('/official/rename', rename) },
  ],
]

interface Sample {
  /** Requests per second. */
  readonly rate: number
  /** CPU time of the server for each request, in microseconds. */
  readonly cpu: number
}

function start(name: string, execArgv: string[] = []): ChildProcess {
  return fork(fileURLToPath(new URL(`./${name}.js`, import.meta.url)), { execArgv })
}

async function callProcess<T>(child: ChildProcess, message: object): Promise<T> {
  const reply = once(child, 'message')
  child.send(message)
  return (await reply)[0] as T
}

async function main(): Promise<void> {
  const server = start('server', values.profile ? ['--cpu-prof', '--cpu-prof-dir=dist'] : [])
  const { port } = (await once(server, 'message'))[0] as { port: number }
  const load = start('load')
  const sample = async (contestant: Contestant, seconds: number): Promise<Sample> => {
    const before = await callProcess<NodeJS.CpuUsage>(server, {})
    const order: LoadOrder = {
      port,
      request: contestant.request,
      connections: Number(values.connections),
      duration: seconds * 1000,
    }
    const { replies, duration } = await callProcess<LoadResult>(load, order)
    const after = await callProcess<NodeJS.CpuUsage>(server, {})
    const cpu = (after.user + after.system - before.user - before.system) / replies
    return { rate: (replies / duration) * 1000, cpu }
  }
  if (values.profile) {
    const contestant = { name: values.profile, request: get(values.profile) }
    for (let i = 0; i < 3; i++) console.log(await sample(contestant, Number(values.seconds)))
  } else for (const contest of contests) await compare(contest, sample)
  server.disconnect()
  load.disconnect()
}

async function compare(
  contest: readonly Contestant[],
  sample: (contestant: Contestant, seconds: number) => Promise<Sample>,
): Promise<void> {
  for (const contestant of contest) await sample(contestant, 1)
  const rounds: Sample[][] = []
  for (let i = 0; i < Number(values.rounds); i++) {
    const round: Sample[] = []
    for (const contestant of contest) round.push(await sample(contestant, Number(values.seconds)))
    rounds.push(round)
  }
  console.log(
    '\n| | requests/s | × bare (lowest–highest) | CPU µs a request | × bare by CPU |\n|---|---|---|---|---|',
  )
  contest.forEach((contestant, place) => {
    const of = (read: (own: Sample, bare: Sample) => number) =>
      rounds.map((round) => read(round[place] as Sample, round[0] as Sample)).sort((a, b) => a - b)
    const ratios = of((own, bare) => own.rate / bare.rate)
    const spread = `${(ratios[0] ?? 0).toFixed(2)}–${(ratios.at(-1) ?? 0).toFixed(2)}`
    const cells = [
      contestant.name,
      median(of((own) => own.rate)).toFixed(0),
      `${median(ratios).toFixed(2)} (${spread})`,
      median(of((own) => own.cpu)).toFixed(1),
      median(of((own, bare) => bare.cpu / own.cpu)).toFixed(2),
    ]
    console.log(`| ${cells.join(' | ')} |`)
  })
}

function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

await main()
