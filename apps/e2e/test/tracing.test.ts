import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished, vi } from 'vitest'
import { appId, type Stack, startStack } from './stack.ts'

/** The parts of OTLP's JSON that the tests read: opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
interface OtlpSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly attributes: readonly {
    key: string
    value: { stringValue?: string; intValue?: number }
  }[]
  readonly status: { code?: number }
}

/** A collector that keeps what it is sent. */
async function startCollector() {
  const bodies: string[] = []
  const paths = new Set<string>()
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    paths.add(`${request.method} ${request.url}`)
    bodies.push(body)
    response.setHeader('content-type', 'application/json').end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const spans = (): OtlpSpan[] =>
    bodies
      .map((body) => JSON.parse(body))
      .flatMap(({ resourceSpans }) => resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans)
      .flatMap((scope: { spans: OtlpSpan[] }) => scope.spans)
  const { port } = server.address() as AddressInfo
  return { endpoint: `http://127.0.0.1:${port}`, text: () => bodies.join('\n'), paths, spans }
}

async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return reply.json()
}

const loginCode = async ({ sandboxUrl }: Stack, user: string): Promise<string> =>
  (await post(`${sandboxUrl}/sandbox/login`, { appId, user })).code

const attributesOf = ({ attributes }: OtlpSpan) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

it('shows the spans of a registration: request, use case, WeChat, store, queue, and no input', async () => {
  const collector = await startCollector()
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_SERVICE_NAME: 'sign-in' }
  const stack = await startStack(env)
  const first = await loginCode(stack, 'ming')
  const { result } = await post(`${stack.url}/trpc/miniLogin`, { appId, code: first })
  const { ticket } = result.data
  const credentials = { account: 'sentinel-account', password: 'sentinel-password-5' }
  const registered = await post(`${stack.url}/trpc/register`, { proof: { ticket }, ...credentials })
  const { tokens, user } = registered.result.data
  await stack.stopService()

  expect([...collector.paths]).toEqual(['POST /v1/traces'])
  const spans = collector.spans()
  const request = spans.filter(({ kind }) => kind === 2).at(-1) as OtlpSpan
  expect(attributesOf(request)).toMatchObject({
    'http.request.method': 'POST',
    'http.response.status_code': 200,
  })
  const inside = spans.filter(({ traceId }) => traceId === request.traceId)
  const parentOf = (name: string) => {
    const span = inside.find((each) => each.name === name)
    return inside.find(({ spanId }) => spanId === span?.parentSpanId)?.name
  }
  expect(parentOf('users.register')).toBe(request.name)
  expect(parentOf('passwords.wait')).toBe('users.register')
  expect(parentOf('passwords.compute')).toBe('users.register')
  expect(inside.some(({ name }) => name.startsWith('store.'))).toBe(true)
  // The login code was exchanged by the first call.
  const wechat = spans.find(({ name }) => name === 'wechat.exchangeCode')
  expect(wechat).toMatchObject({ kind: 3 })
  expect(spans.find(({ spanId }) => spanId === wechat?.parentSpanId)?.name).toBe('users.miniLogin')

  const sent = collector.text()
  expect(sent).toContain('"sign-in"')
  const inputs = [first, ticket, user.id, tokens.accessToken, tokens.refreshToken, appId]
  for (const text of [...inputs, ...Object.values(credentials), 'sentinel-app-secret'])
    expect(sent.includes(text), text).toBe(false)
})

it('finds the trace of a refusal by the traceId of its reply, with the reason', async () => {
  const collector = await startCollector()
  const stack = await startStack({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint })
  const { error } = await post(`${stack.url}/trpc/miniLogin`, { appId, code: 'no such code' })
  expect(error.data.reason).toBe('code_rejected')
  await stack.stopService()
  const spans = collector.spans().filter(({ traceId }) => traceId === error.data.traceId)
  const useCase = spans.find(({ name }) => name === 'users.miniLogin') as OtlpSpan
  expect(attributesOf(useCase)).toEqual({ 'error.type': 'code_rejected' })
  // A refusal is no fault of the service.
  expect(spans.map(({ status }) => status.code ?? 0)).not.toContain(2)
})

it('traces the share of requests that is asked for', async () => {
  const collector = await startCollector()
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    OTEL_TRACES_SAMPLER_ARG: '0.25',
    RATE_LIMIT_FACTOR: '100',
  }
  const { url, stopService } = await startStack(env)
  const calls = 800
  for (let call = 0; call < calls; call++) await (await fetch(`${url}/trpc/me`)).text()
  await stopService()
  const traced = collector.spans().filter(({ name }) => name.includes('/trpc/')).length
  // Six standard deviations of a binomial distribution.
  expect(traced).toBeGreaterThan(200 - 74)
  expect(traced).toBeLessThan(200 + 74)
})

it('says once that the collector is away, and signs in', async () => {
  const stack = await startStack({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })
  for (const user of ['ming', 'hua']) {
    const code = await loginCode(stack, user)
    const { result } = await post(`${stack.url}/trpc/miniLogin`, { appId, code })
    expect(result.data.status).toBe('unbound')
  }
  const line = 'traces cannot be sent to OTEL_EXPORTER_OTLP_ENDPOINT'
  await vi.waitFor(() => expect(stack.log()).toContain(line), { timeout: 40_000 })
  await stack.stopService()
  // Lines have times; the log of a stopped service may be listed twice.
  const lines = stack.log().split('\n')
  expect(new Set(lines.filter((text) => text.includes(line))).size).toBe(1)
})

it('sends nothing where no address is set', async () => {
  const collector = await startCollector()
  const stack = await startStack()
  await post(`${stack.url}/trpc/miniLogin`, { appId, code: await loginCode(stack, 'ming') })
  await stack.stopService()
  expect(collector.text()).toBe('')
})
