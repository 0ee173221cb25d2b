import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Program } from '@mianmi/api/testing/process'
import type { Identity } from '@mianmi/core'
import type { Action } from '../actions/action.ts'
import { planSteps } from '../actions/index.ts'
import type { Product } from '../product/load-product.ts'
import { setMachine } from '../product/machine.ts'
import { createRandom } from '../random.ts'
import type { StoryLine } from '../story/story.ts'
import { adminAccount, adminPassword } from '../world/admin/create-console.ts'
import type { Observer } from '../world/observers.ts'
import { drawSlowConfig } from './config.ts'
import { createProcessConsole } from './console.ts'
import type { Database } from './database/database.ts'
import { endSlowRun } from './end.ts'
import { effectOf, type Facts, identityOfProof, inputOf } from './judge/events.ts'
import { createHistory } from './judge/history.ts'
import { serverCallOf } from './judge/judge.ts'
import { createLateRequests } from './late-requests.ts'
import { createProcessNode } from './service-node.ts'
import type { SlowRun } from './slow-run.ts'
import { worldSpeed } from './timeline.ts'
import { createTraffic, type ObservedCall } from './traffic.ts'
import { startWechatServer } from './wechat-server.ts'
import { createRealWorld, describe, type RealWorld } from './world.ts'

/** How a slow run ended. */
export interface SlowResult {
  readonly violation: { readonly invariant: string; readonly detail: string } | null
  /** Whether an order of what overlapped could not be found in time; then the run ended early. */
  readonly isUndecided: boolean
  readonly story: readonly StoryLine[]
  /** What the processes of each node have printed. */
  readonly logs: ReadonlyMap<string, string>
  readonly calls: number
}

export interface SlowRunOptions {
  readonly product: Product
  readonly program: Program
  readonly seed: number
  readonly stepCount: number
  readonly nodeCount: number
  /** Makes the database of the run. */
  openDatabase(folder: string): Promise<Database>
  readonly watching?: readonly Observer[]
}

/** Where pages of the console come from, and who issues tokens. */
const issuer = 'https://mianmi.example'

/** Plays a seed against processes of the built service. */
export async function playSlowRun(options: SlowRunOptions): Promise<SlowResult> {
  const { product, program, seed, stepCount, nodeCount, watching = [] } = options
  const config = drawSlowConfig(seed, nodeCount)
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-slow-'))
  let violation: SlowResult['violation'] = null
  let isUndecided = false
  let calls = 0
  const isOver = (): boolean => violation !== null || isUndecided
  const fail = (invariant: string, detail: string): void => {
    violation ??= { invariant, detail }
  }
  const onRejection = (error: unknown): void =>
    fail('no-surprise', `an unhandled rejection: ${describe(error)}`)
  process.on('unhandledRejection', onRejection)
  const database = await options.openDatabase(folder)
  /** Tickets of calls whose node died. */
  const doubtful = new Set<string>()
  const world = createRealWorld({
    ...{ product, config, fail, watching, forgetsCodes: database.forgetsCodes },
    mayBeUsed: (ticket) => doubtful.has(ticket),
  })
  const traffic = createTraffic()
  const late = createLateRequests(config.accessTokenTtl / worldSpeed)
  const wechat = await startWechatServer(world)
  const tickets = new Map<string, Identity>()
  const facts: Facts = {
    ...wechat,
    identityOfTicket: (ticket) => tickets.get(ticket) ?? null,
  }
  const onEnded = (call: ObservedCall): void => {
    late.note(call)
    const { ticket } = inputOf(call).proof ?? {}
    if (call.result === null && ticket !== undefined) doubtful.add(ticket)
    if (call.result === null) return
    calls += 1
    const effect = effectOf(call)
    const identity = effect?.kind === 'unbound' ? identityOfProof(facts, call) : null
    if (effect?.kind === 'unbound' && effect.ticket !== null && identity !== null)
      tickets.set(effect.ticket, identity)
    const served = serverCallOf(call)
    if (served.caller !== null) world.observers.authenticated(served, served.caller)
    world.observers.served(served, call.result)
  }
  const env = environmentOf(config, database.url)
  const nodes = Array.from({ length: nodeCount }, (_, index) =>
    createProcessNode(world, `node${index + 1}`, {
      ...{ program, cwd: folder, env, wechat, traffic, onEnded },
    }),
  )
  const console = createProcessConsole(world, { traffic, issuer })
  Object.assign(world, { nodes, console })
  const history = createHistory(world, facts, late.isLate)
  const judge = async (observed: ObservedCall[]): Promise<void> => {
    const snapshot = await database.read()
    const finding = history.add(observed, snapshot)
    Object.assign(world.store, { state: history.rows(snapshot) })
    Object.assign(world.oracle, { model: history.model() })
    if (finding.kind === 'broken') fail(finding.by.invariant, finding.by.detail)
    if (finding.kind === 'undecided') isUndecided = true
  }
  const look = async (): Promise<void> => {
    await traffic.hold()
    await judge(traffic.takeEnded())
    while (!isOver()) {
      const alone = await console.callAlone()
      if (alone === null) break
      await judge(traffic.takeEnded())
    }
    traffic.release()
  }
  const run: SlowRun = { world, nodes, console, look, isOver }
  try {
    await startNodes(run)
    await look()
    world.noise = config.noise
    await playSteps(run, { seed, stepCount })
    if (!isOver()) await endSlowRun(run)
  } catch (error) {
    fail('no-surprise', `the slow run: ${describe(error)}`)
  } finally {
    world.timeline.stop()
    traffic.release()
    await Promise.all(nodes.map((node) => node.stop()))
    wechat.stop()
    await database.close()
    rmSync(folder, { recursive: true, force: true })
    setMachine(null)
    process.off('unhandledRejection', onRejection)
  }
  const logs = new Map(nodes.map((node) => [node.name, node.log()]))
  return { violation, isUndecided, story: world.story.lines, logs, calls }
}

/** The first node prepares the database and makes the administrator, who enrols an authenticator app. */
async function startNodes({ nodes, console }: SlowRun): Promise<void> {
  const [first, ...others] = nodes
  if (first === undefined) throw new Error('a service has a node')
  first.start()
  await first.ready()
  for (const node of others) node.start()
  await Promise.all(others.map((node) => node.ready()))
  const enrolmentCode = /code, until \S+: (\S+)/.exec(first.log())?.[1]
  if (enrolmentCode === undefined) throw new Error(`no enrolment code:\n${first.log()}`)
  await console.enrol(enrolmentCode)
}

/** How many actions are drawn for a step: many do nothing, such as to start dead nodes where all live. */
const drawn = 5

async function playSteps(
  { world, look, isOver }: SlowRun,
  { seed, stepCount }: { seed: number; stepCount: number },
): Promise<void> {
  const isPlayed = (action: Action): boolean => action.isPlayedSlow?.(world.config) ?? true
  let played = 0
  for (const { action, seed: ofStep } of planSteps(seed, stepCount * drawn, isPlayed)) {
    if (isOver() || played === stepCount) return
    const random = createRandom(ofStep)
    const told = world.story.lines.length
    world.random = random
    action.play(world)
    if (world.story.lines.length === told) continue
    played += 1
    await wait(drawGap(random.next(), random.next()) / worldSpeed)
    await look()
  }
}

/** How long until the next step, in ms of the world. */
function drawGap(kind: number, length: number): number {
  if (kind < 0.5) return length * 200
  return kind < 0.85 ? length * 4_000 : length * 10_000
}

function environmentOf(
  { appIds, signUp, accessTokenTtl, phoneTrust, rateLimitFactor }: RealWorld['config'],
  databaseUrl: string,
): Record<string, string> {
  return {
    NODE_ENV: 'production',
    PORT: '0',
    DATABASE_URL: databaseUrl,
    ISSUER: issuer,
    WECHAT_APPS: appIds.map((appId) => `${appId}:secret-of-${appId}`).join(),
    SIGN_UP: signUp,
    ACCESS_TOKEN_TTL: String(accessTokenTtl / worldSpeed / 1_000),
    PHONE_TRUST_DAYS: phoneTrust === 0 ? '0' : '90',
    RATE_LIMIT_FACTOR: String(rateLimitFactor),
    TRUST_PROXY: '127.0.0.1/32',
    ADMIN_ACCOUNT: adminAccount,
    ADMIN_PASSWORD: adminPassword,
  }
}
