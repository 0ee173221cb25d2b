import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { RunningProcess } from '@mianmi/api/testing/process'

/**
 * Runs several nodes behind a proxy that gives each request to the next one. What a test sees as the process is all of
 * them: it listens when the last one does, and its exit code is the first one that is not 0. A signal other than SIGKILL
 * reaches the nodes when they have received the requests that were sent before it.
 *
 * @param port where the proxy listens; 0: a free port
 */
export function startNodes(nodes: readonly RunningProcess[], port: number): RunningProcess {
  const [first] = nodes
  if (first === undefined) throw new Error('a service has a node')
  const agent = new Agent({ keepAlive: true })
  // As long as the service: on a busy machine the default of 5 s ends connections in the moment of their use.
  const proxy = createServer({ keepAliveTimeout: 65_000 })
  /** Requests that are not written to a node yet. */
  const unsent = new Set<Promise<unknown>>()
  /** Requests whose reply is not written yet. */
  const unanswered = new Set<Promise<unknown>>()
  const listening = Promise.all(nodes.map((node) => node.listening)).then(async (urls) => {
    let next = 0
    proxy.on('request', (incoming, reply) => {
      next = (next + 1) % urls.length
      const { sent, answered } = forward({ incoming, reply, agent }, new URL(urls[next] ?? ''))
      unsent.add(sent)
      void sent.finally(() => unsent.delete(sent))
      const ended = answered.catch(() => void reply.destroy())
      unanswered.add(ended)
      void ended.then(() => unanswered.delete(ended))
    })
    await new Promise<void>((resolve) => proxy.listen(port, '127.0.0.1', resolve))
    const address = proxy.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    return `http://127.0.0.1:${address.port}`
  })
  listening.catch(() => {})
  /** Resolves when each node has received what was sent to the proxy before. */
  const received = async (): Promise<void> => {
    const urls = await Promise.all(nodes.map((node) => node.listening))
    // A node accepts connections in their order, so those of before are accepted when a new one is answered.
    const askAll = () => Promise.all(urls.map((url) => ask(new URL('/healthz', url))))
    await askAll()
    await Promise.all(unsent)
    await askAll()
  }
  const ended = Promise.all(nodes.map((node) => node.ended)).then(async (codes) => {
    proxy.close()
    await Promise.all(unanswered)
    proxy.closeAllConnections()
    agent.destroy()
    return codes.find((code) => code !== 0) ?? 0
  })
  return {
    child: first.child,
    output: outputOf(nodes),
    listening,
    ended,
    async stop(signal) {
      if (signal !== 'SIGKILL') await received().catch(() => {})
      for (const node of nodes) void node.stop(signal)
      return ended
    },
  }
}

/** What all nodes have printed. To set it sets that of the first node, and clears the others'. */
function outputOf(nodes: readonly RunningProcess[]): RunningProcess['output'] {
  const join = (stream: 'stdout' | 'stderr') => ({
    enumerable: true,
    get: () => nodes.map(({ output }) => output[stream]).join(''),
    set: (text: string) => {
      for (const [index, { output }] of nodes.entries()) output[stream] = index === 0 ? text : ''
    },
  })
  const output = { stdout: '', stderr: '' }
  return Object.defineProperties(output, { stdout: join('stdout'), stderr: join('stderr') })
}

interface Forwarded {
  readonly incoming: IncomingMessage
  readonly reply: ServerResponse
  readonly agent: Agent
}

/** Asks over a connection of its own. */
async function ask(url: URL): Promise<void> {
  const outgoing = request(url, { agent: false })
  outgoing.end()
  const [answer] = await once(outgoing, 'response')
  answer.resume()
}

/** `sent` resolves when the request is written to the node, or has failed. */
function forward({ incoming, reply, agent }: Forwarded, node: URL) {
  const { method, url: path, headers } = incoming
  let markSent = () => {}
  const sent = new Promise<void>((resolve) => {
    markSent = resolve
  })
  const answered = buffer(incoming)
    .then(
      (body) =>
        new Promise<void>((resolve, reject) => {
          const send = (isLast: boolean): void => {
            const outgoing = request(
              { host: node.hostname, port: node.port, method, path, headers, agent },
              (answer) => {
                reply.writeHead(answer.statusCode ?? 502, answer.headers)
                answer.pipe(reply)
                answer.once('error', reject)
                reply.once('finish', resolve)
              },
            )
            outgoing.once('finish', markSent)
            outgoing.once('error', (error) => {
              // The node has closed a connection that was idle, just when it was used again: nothing was received.
              if (outgoing.reusedSocket && !isLast && !reply.headersSent) send(true)
              else reject(error)
            })
            reply.once('close', () => {
              outgoing.destroy()
              resolve()
            })
            outgoing.end(body)
          }
          send(false)
        }),
    )
    .finally(markSent)
  return { sent, answered }
}
