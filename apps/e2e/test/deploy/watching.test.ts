import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reasons } from '@mianmi/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createDatabase, describePostgres } from '../postgres/database.ts'
import { start } from '../start-process.ts'
import { describeProgram, fromRoot, read, run } from './examples.ts'
import { metricsOf, selectorsOf } from './promql.ts'

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly annotations: { readonly runbook: string }
}
interface Panel {
  readonly title: string
  readonly targets: readonly { readonly expr: string }[]
}

const rules: Rule[] = parse(read('deploy/prometheus/rules.yaml')).groups[0].rules
const panels: Panel[] = JSON.parse(read('deploy/grafana/dashboard.json')).panels
const expressions = [
  ...rules.map(({ alert, expr }) => ({ name: alert, expr })),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ name: title, expr }))),
]

describeProgram('promtool', '--version')('the rules for Prometheus', () => {
  it('are valid, and fire when they should and not before', () => {
    const tested = run('promtool', 'test', 'rules', fromRoot('deploy/prometheus/rules.test.yaml'))
    expect(tested, tested.output).toMatchObject({ code: 0 })
    const checked = run('promtool', 'check', 'rules', fromRoot('deploy/prometheus/rules.yaml'))
    expect(checked, checked.output).toMatchObject({ code: 0 })
  })

  it('the example of a configuration is valid', () => {
    const file = fromRoot('deploy/prometheus/scrape.yaml')
    const checked = run('promtool', 'check', 'config', '--syntax-only', file)
    expect(checked, checked.output).toMatchObject({ code: 0 })
  })
})

describe('the runbook', () => {
  for (const path of ['docs/runbook.md', 'docs/runbook.zh-CN.md'])
    it(`${path} has one section for each alert, in the same order`, () => {
      const sections = [...read(path).matchAll(/^## (Mianmi\w+)$/gm)].map(([, name]) => name)
      expect(sections).toEqual(rules.map(({ alert }) => alert))
    })

  it('each alert names its section and has a test', () => {
    const tests = read('deploy/prometheus/rules.test.yaml')
    for (const { alert, annotations } of rules) {
      expect(annotations.runbook).toBe(`docs/runbook.md#${alert.toLowerCase()}`)
      expect(tests).toContain(`alertname="${alert}"`)
    }
  })
})

describePostgres('the metrics of rules and dashboard', () => {
  let folder = ''
  let metrics = ''
  let stop: () => Promise<unknown> = async () => {}
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mianmi-metrics-'))
    const service = start('service', {
      cwd: folder,
      env: {
        NODE_ENV: 'production',
        PORT: '0',
        DATABASE_URL: await createDatabase(),
        WECHAT_APPS: 'wx6d69616e6d690001:the-app-secret',
        SECRET_KEY: Buffer.alloc(32, 'secret key 5').toString('base64'),
        ISSUER: 'https://mianmi.example.com',
      },
    })
    stop = () => service.stop()
    const url = await service.listening
    for (const path of ['/readyz', '/healthz', '/metrics', '/trpc/me']) await fetch(url + path)
    const reply = await fetch(`${url}/metrics`)
    metrics = await reply.text()
  })
  afterAll(async () => {
    await stop()
    rmSync(folder, { recursive: true })
  })

  const samples = () => [...metrics.matchAll(/^# TYPE (\w+) (\w+)$/gm)]

  it('exist in a reply of /metrics', () => {
    const names = samples().flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name],
    )
    for (const { name, expr } of expressions) {
      const used = metricsOf(expr)
      expect(used, name).not.toEqual([])
      // Prometheus itself makes `up`.
      expect([...names, 'up'], name).toEqual(expect.arrayContaining(used))
    }
  })

  it('all appear in the dashboard', () => {
    const used = panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricsOf(expr)))
    const shown = new Set(used.map((name) => name.replace(/_(bucket|sum|count)$/, '')))
    expect([...shown].sort()).toEqual([...samples().map(([, name]) => name), 'up'].sort())
  })

  it('have the labels by which they are selected, and the values', () => {
    const valuesOf = (label: string) =>
      [...metrics.matchAll(new RegExp(`[{,]${label}="([^"]*)"`, 'g'))].map(([, value]) => value)
    const known: Record<string, readonly unknown[]> = {
      job: ['mianmi'],
      instance: [],
      sqlstate: ['40P01'],
      status: ['2xx', '4xx', '5xx'],
      outcome: ['ok', ...reasons],
    }
    for (const { name, expr } of expressions)
      for (const { label, values } of selectorsOf(expr)) {
        const allowed = known[label] ?? valuesOf(label)
        expect(allowed, `${name}: ${label}`).toEqual(expect.arrayContaining([...values]))
        if (known[label] === undefined) expect(allowed, `${name}: ${label}`).not.toEqual([])
      }
  })
})

describe('the dashboard', () => {
  it('is drawn without panels that cover each other, each with an id and a title of its own', () => {
    const placed = panels as unknown as {
      id: number
      title: string
      gridPos: { x: number; y: number; w: number; h: number }
    }[]
    expect(new Set(placed.map(({ id }) => id)).size).toBe(placed.length)
    expect(new Set(placed.map(({ title }) => title)).size).toBe(placed.length)
    const cells = placed.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    for (const { gridPos } of placed) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
  })
})
