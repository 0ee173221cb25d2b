import { Agent } from 'node:http'
import { type Program, type RunningProcess, startProgram } from '@mianmi/api/testing/process'
import { accessTokenOf, parseRequest } from '../world/server/requests.ts'
import type {
  HttpReply,
  HttpRequest,
  Life,
  ServerResult,
  ServiceNode,
} from '../world/server/service.ts'
import type { World } from '../world/world.ts'
import { sendHttp } from './http.ts'
import type { ObservedCall, Traffic } from './traffic.ts'
import type { WechatServer } from './wechat-server.ts'

/** A node that is a process of the built service. */
export interface ProcessNode extends ServiceNode {
  /** Sends a request as it is; null where no reply came. */
  send(request: HttpRequest): Promise<(HttpReply & { cookies: readonly string[] }) | null>
  /** Resolves when it listens; rejects where it ends before. */
  ready(): Promise<void>
  /** What its processes have printed. */
  log(): string
  stop(): Promise<void>
}

export interface NodeOptions {
  readonly program: Program
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly wechat: WechatServer
  readonly traffic: Traffic
  /** Is told of each call that ended, with or without a reply, before the network gets it. */
  onEnded(call: ObservedCall): void
}

const secretOf = (key: number): string => Buffer.alloc(33, `secret ${key} `).toString('base64')

/** How long a node that dies in the middle of its next call lives for each moment, in real ms. */
const moment = 1.5

export function createProcessNode(world: World, name: string, options: NodeOptions): ProcessNode {
  const { program, cwd, env, wechat, traffic } = options
  const agent = new Agent({ keepAlive: true })
  const outputs: RunningProcess[] = []
  let running: RunningProcess | null = null
  let gone: Promise<unknown> = Promise.resolve()
  let url = ''
  let life: Life | null = null
  let momentsLeft: number | null = null
  let starting: Promise<void> = Promise.resolve()

  const kill = (): void => {
    const killed = running
    running = null
    life = null
    momentsLeft = null
    if (killed === null) return
    gone = killed.stop('SIGKILL')
    world.observers.nodeDied(name)
  }
  const launch = async (): Promise<void> => {
    await gone
    const started = startProgram(program, {
      cwd,
      env: {
        ...env,
        WECHAT_API_URL: `${wechat.url}/${name}`,
        SECRET_KEY: node.keys.map(secretOf).join(),
      },
    })
    running = started
    outputs.push(started)
    void started.ended.then((code) => {
      if (running === started)
        world.fail('no-surprise', `${name} ended by itself with exit code ${code}`)
    })
    const address = await started.listening.catch(() => null)
    if (running !== started || address === null) return
    url = address
    life = createProcessLife(name, {
      kill,
      die: (moments) => {
        momentsLeft = moments
      },
    })
  }
  const node: ProcessNode = {
    name,
    clockOffset: 0,
    keys: [1],
    get life() {
      return life
    },
    get users(): never {
      throw new Error('a process has no use cases that can be called')
    },
    get admin(): never {
      throw new Error('a process has no use cases that can be called')
    },
    start() {
      if (running !== null) return
      // So that it is started once, however often it is asked for until it runs.
      const before = starting
      starting = before.then(() => (running === null ? launch() : undefined))
    },
    kill,
    ready: () => starting,
    async send(request) {
      const sent = sendHttp(agent, {
        method: request.method,
        url: `${url}${request.url}`,
        headers: {
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...request.headers,
          'user-agent': request.device,
          'x-forwarded-for': request.address,
        },
        body: request.body,
      })
      if (momentsLeft !== null) {
        setTimeout(kill, momentsLeft * moment)
        momentsLeft = null
      }
      const reply = await sent
      if (reply === null) return null
      return { ...reply, cookies: reply.headers['set-cookie'] ?? [] }
    },
    async serve(request) {
      const arrivedAt = performance.now()
      await traffic.admitted()
      if (life === null) return null
      const { isBatch, calls } = parseRequest(request)
      const observed = calls.map(({ path, input, id }) =>
        traffic.begin({
          ...{ node: name, path, input, callId: id, at: Date.now(), arrivedAt },
          accessToken: accessTokenOf(request),
        }),
      )
      const reply = await node.send(request)
      const results = reply === null ? [] : resultsOf(reply.body, isBatch)
      for (const [index, call] of observed.entries()) {
        const result = results[index] ?? null
        options.onEnded({ ...call, result })
        traffic.end(call, isTelling(result) ? result : null)
      }
      return reply
    },
    log: () =>
      outputs.map(({ output }) => `${output.stdout}${output.stderr}`).join('\n--- started again\n'),
    async stop() {
      kill()
      await gone
      agent.destroy()
    },
  }
  return node
}

/** Refusals that do not tell whether something was done before. */
const untelling = ['internal', 'overloaded']

const isTelling = (result: ServerResult | null): boolean =>
  result !== null && ('data' in result || !untelling.includes(result.reason))

interface ProcedureReply {
  readonly result?: { readonly data: unknown }
  readonly error?: { readonly message: string; readonly data?: { readonly reason?: string } }
}

/** Reads the results of a reply; null for one that says neither. */
export function resultsOf(body: string, isBatch: boolean): (ServerResult | null)[] {
  try {
    const parsed = JSON.parse(body) as ProcedureReply | ProcedureReply[]
    const replies = isBatch ? (parsed as ProcedureReply[]) : [parsed as ProcedureReply]
    return replies.map(({ result, error }) => {
      if (result !== undefined) return { data: result.data }
      const reason = error?.data?.reason
      return reason === undefined ? null : { reason, error: error?.message }
    })
  } catch {
    return []
  }
}

function createProcessLife(
  node: string,
  { kill, die }: { kill(): void; die(moments: number): void },
): Life {
  return {
    node,
    isOver: false,
    end: kill,
    endIn: die,
    // Of the simulation's stores, which a process does not have.
    pass: async () => {},
    spend: async () => {},
  }
}
