/**
 * The metric types that this service uses, in Prometheus's text format 0.0.4. Hand-written because it runs in every
 * request: prom-client sorts and joins the labels each time, and brings two dependencies.
 */
export interface Metric {
  text(): string
}

export type Labels = Readonly<Record<string, string>>

interface MetricInfo {
  readonly name: string
  readonly help: string
}

export const contentType = 'text/plain; version=0.0.4; charset=utf-8'

/** The counter of one set of labels. Frequent users keep it, because joining labels is slow. */
export interface CounterValue {
  value: number
}

export function counter(info: MetricInfo): Metric & { of(labels: Labels): CounterValue } {
  const counts = new Map<string, CounterValue>()
  return {
    of: (labels) => getOrCreate(counts, labelText(labels), () => ({ value: 0 })),
    text: () =>
      headerText(info, 'counter') +
      [...counts].map(([labels, { value }]) => sampleText(info.name, labels, value)).join(''),
  }
}

/** A value that is read at each scrape. */
export function gauge(
  info: MetricInfo & { readonly read: () => number; readonly isCounter?: boolean },
): Metric {
  return {
    text: () =>
      headerText(info, info.isCounter ? 'counter' : 'gauge') +
      sampleText(info.name, '', info.read()),
  }
}

/** The value 1 with labels that say what runs. */
export function information(info: MetricInfo, labels: Labels): Metric {
  return { text: () => headerText(info, 'gauge') + sampleText(info.name, labelText(labels), 1) }
}

/** The histogram of one set of labels. Frequent users keep it. */
export interface HistogramSeries {
  observe(value: number): void
}

/** @param info `bounds` are the upper limits of the buckets, ascending, in the unit of the observed values */
export function histogram(
  info: MetricInfo & { readonly bounds: readonly number[] },
): Metric & { of(labels: Labels): HistogramSeries } {
  const { name, bounds } = info
  const series = new Map<string, ReturnType<typeof createSeries>>()
  return {
    of: (labels) => getOrCreate(series, labelText(labels), () => createSeries(bounds)),
    text() {
      let text = headerText(info, 'histogram')
      for (const [labels, { buckets, sum }] of series) {
        let count = 0
        for (const [index, bucketCount] of buckets.entries()) {
          count += bucketCount
          const le = `le="${bounds[index] ?? '+Inf'}"`
          text += sampleText(`${name}_bucket`, labels === '' ? le : `${labels},${le}`, count)
        }
        text +=
          sampleText(`${name}_sum`, labels, sum()) + sampleText(`${name}_count`, labels, count)
      }
      return text
    },
  }
}

function createSeries(bounds: readonly number[]) {
  const buckets: number[] = Array(bounds.length + 1).fill(0)
  let sum = 0
  return {
    buckets,
    sum: () => sum,
    observe(value: number): void {
      let index = 0
      while (index < bounds.length && value > (bounds[index] ?? 0)) index++
      buckets[index] = (buckets[index] ?? 0) + 1
      sum += value
    },
  }
}

/** The entry of a map, created when it is missing. */
export function getOrCreate<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = create()
    map.set(key, value)
  }
  return value
}

function headerText({ name, help }: MetricInfo, type: 'counter' | 'gauge' | 'histogram'): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
}

function sampleText(name: string, labels: string, value: number): string {
  return labels === '' ? `${name} ${value}\n` : `${name}{${labels}} ${value}\n`
}

function labelText(labels: Labels): string {
  let text = ''
  for (const name in labels) text += `${text && ','}${name}="${escaped(labels[name] ?? '')}"`
  return text
}

function escaped(value: string): string {
  return /[\\"\n]/.test(value)
    ? value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))
    : value
}
