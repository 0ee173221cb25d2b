import { describe, expect, it } from 'vitest'
import { appId, login, register, startService, type TestService } from '../harness.ts'
import { call } from '../rest/rest-client.ts'

async function scrape(service: TestService): Promise<string> {
  const response = await fetch(`${service.url()}/metrics`)
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  return response.text()
}

describe('GET /metrics', () => {
  it('measures requests in seconds', async () => {
    const service = await startService()
    const startedAt = performance.now()
    for (let time = 0; time < 5; time++) await (await fetch(`${service.url()}/healthz`)).text()
    const seconds = (performance.now() - startedAt) / 1000
    const sum = /_seconds_sum\{method="GET",route="\/healthz",status="2xx"\} (\S+)\n/
    const measured = Number(sum.exec(await scrape(service))?.[1])
    expect(measured).toBeGreaterThan(0)
    expect(measured).toBeLessThanOrEqual(seconds)
  })

  it('counts requests by pattern and outcome, whatever address a caller makes up', async () => {
    const service = await startService()
    for (const path of ['/auth/nothing-1', '/nothing-2', '/trpc/nothing-3', '/healthz'])
      await fetch(`${service.url()}${path}`).then((response) => response.arrayBuffer())
    const text = await scrape(service)
    expect(text).toContain(
      'http_request_duration_seconds_count{method="GET",route="/healthz",status="2xx"} 1\n',
    )
    expect(text).toMatch(/_bucket\{method="GET",route="\/healthz",status="2xx",le="\+Inf"\} 1\n/)
    expect(text).toMatch(/route="[^"]*",status="4xx"/)
    expect(text).not.toContain('nothing-')
  })

  it('counts calls by use case and reason, over tRPC and plain HTTP alike', async () => {
    const service = await startService()
    await login(service, 'ming')
    await call(service, '/auth/miniLogin', { body: { appId, code: await service.code('ming') } })
    await call(service, '/auth/miniLogin', { body: { appId, code: 'made-up' } })
    await call(service, '/auth/queryUserNow', { headers: { sid: 'x' } })
    const text = await scrape(service)
    for (const line of [
      'mianmi_use_case_calls_total{use_case="miniLogin",outcome="ok"} 2',
      'mianmi_use_case_calls_total{use_case="miniLogin",outcome="code_rejected"} 1',
      'mianmi_use_case_calls_total{use_case="authenticate",outcome="unauthenticated"} 1',
    ])
      expect(text).toContain(`${line}\n`)
  })

  it('tells how the process is', async () => {
    const text = await scrape(await startService())
    const value = (name: string) => Number(text.match(new RegExp(`^${name} (\\S+)$`, 'm'))?.[1])
    expect(Math.abs(value('process_start_time_seconds') - Date.now() / 1000)).toBeLessThan(600)
    expect(text).toMatch(/^mianmi_build_info\{version="\d+\.\d+\.\d+",node="\d+\.\d+\.\d+"\} 1$/m)
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
    expect(value('nodejs_heap_size_used_bytes')).toBeGreaterThan(1_000_000)
    expect(value('process_cpu_seconds_total')).toBeGreaterThan(0)
    for (const quantile of ['p50', 'p99', 'max'])
      expect(value(`nodejs_eventloop_lag_${quantile}_seconds`)).toBeGreaterThanOrEqual(0)
  })

  it('says which of its numbers only grow', async () => {
    const text = await scrape(await startService())
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type])
    expect(Object.fromEntries(types)).toEqual({
      http_request_duration_seconds: 'histogram',
      mianmi_use_case_calls_total: 'counter',
      mianmi_build_info: 'gauge',
      mianmi_webhook_attempts_total: 'counter',
      mianmi_webhook_dead: 'gauge',
      mianmi_webhook_oldest_pending_seconds: 'gauge',
      mianmi_webhook_pending: 'gauge',
      mianmi_webhook_unreadable: 'gauge',
      nodejs_eventloop_lag_p50_seconds: 'gauge',
      nodejs_eventloop_lag_p99_seconds: 'gauge',
      nodejs_eventloop_lag_max_seconds: 'gauge',
      process_start_time_seconds: 'gauge',
      process_cpu_seconds_total: 'counter',
      process_resident_memory_bytes: 'gauge',
      nodejs_heap_size_used_bytes: 'gauge',
    })
  })

  it('measures the lag of the event loop since the scrape before', async () => {
    const service = await startService()
    const longest = async () => {
      const text = await scrape(service)
      return Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text)?.[1])
    }
    const delayed = async () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
      return longest()
    }
    await expect.poll(delayed).toBeGreaterThan(0.4)
    await expect.poll(longest).toBeLessThan(0.4)
  })

  it('is well formed, and contains neither secrets nor personal data', async () => {
    const service = await startService()
    const { tokens, user } = await register(service, 'ming', 'ming')
    await call(service, '/auth/queryUserNow', { headers: { sid: tokens.accessToken } })
    const text = await scrape(service)
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) [a-z_0-9]+ .+|[a-z_0-9]+(\{[^{}]*\})? [\d.e+-]+)$/)
    for (const secret of [tokens.accessToken, tokens.refreshToken, user.id, 'ming', appId])
      expect(text).not.toContain(secret)
  })
})
