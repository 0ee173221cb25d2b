import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { meByTrpc } from '../load/calls.mjs'
import { measure, warmUp, withServer } from '../load/measure.mjs'

/** Samples of the first µs are left out: start and warm-up. */
const ignoredUs = 2_500_000

/** Profiles the service under `me`. Returns `[module, share]` pairs, the largest share first. */
export async function profileMe({ servers, data, options, folder }) {
  const { connections, seconds } = options
  const load = { next: meByTrpc(data), connections, cold: true, seconds: seconds * 4 }
  await withServer(servers.mianmiProfiled, data, async (server) => {
    await warmUp(server, [load])
    await measure(server, load)
  })
  const [name] = readdirSync(folder).filter((file) => file.endsWith('.cpuprofile'))
  const profile = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  rmSync(join(folder, name))
  return shares(profile)
}

function shares({ nodes, samples, timeDeltas }) {
  const owners = createOwners(nodes)
  const spent = new Map()
  let clock = 0
  let total = 0
  for (const [index, sample] of samples.entries()) {
    const time = timeDeltas[index]
    clock += time
    const owner = owners(sample)
    if (owner === '(idle)' || clock < ignoredUs) continue
    total += time
    spent.set(owner, (spent.get(owner) ?? 0) + time)
  }
  return [...spent]
    .map(([owner, time]) => [owner, time / total])
    .sort(([, left], [, right]) => right - left)
}

/** Native functions have no file, so their time is counted for the calling module. */
function createOwners(nodes) {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])),
  )
  const regions = new Map()
  const find = (id) => {
    const { callFrame } = byId.get(id)
    const { url, functionName, lineNumber } = callFrame
    if (functionName.startsWith('(') && functionName !== '(root)') return functionName
    if (url === '') return parents.has(id) ? find(parents.get(id)) : 'Node'
    if (url.startsWith('node:')) return nodeModule(url)
    if (!regions.has(url)) regions.set(url, readRegions(url))
    return regions.get(url)(lineNumber)
  }
  const known = new Map()
  return (id) => {
    if (!known.has(id)) known.set(id, find(id))
    return known.get(id)
  }
}

/** `node:internal/deps/undici/undici` → `node: deps/undici` */
const nodeModule = (url) =>
  `node: ${url
    .replace(/^node:(internal\/)?/, '')
    .split('/')
    .slice(0, 2)
    .join('/')}`

/** rolldown writes a comment with the path before each file of the bundle; the last `node_modules/` names the package. */
function readRegions(url) {
  const lines = readFileSync(new URL(url), 'utf8').split('\n')
  let region = ''
  const owners = lines.map((line) => {
    const [, path] = /^\/\/(?:#region)? ((?:\S+\/)+\S+\.(?:[cm]?js|ts|json))$/.exec(line) ?? []
    if (path !== undefined) region = ownerOf(path)
    return region
  })
  const whole = url.includes('node_modules/') ? ownerOf(url) : 'the bundle'
  return (line) => owners[line] || whole
}

function ownerOf(path) {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? []
  if (name !== undefined) return name
  const [, ours] = /(packages\/[^/]+)/.exec(path) ?? []
  return ours ?? `apps/api/${path.replace(/^(\.\.\/)+/, '').replace(/\.ts$/, '')}`
}
