/**
 * The few kinds of metric this service has, in Prometheus's text format 0.0.4. Written by hand because it
 * stands in the way of every request: prom-client sorts and joins the labels each time, and brings two
 * dependencies for what is a page here.
 */
export interface Metric {
  text(): string
}

export type Labels = Readonly<Record<string, string>>

interface About {
  readonly name: string
  readonly help: string
}

export const contentType = 'text/plain; version=0.0.4; charset=utf-8'

/** What is counted under one set of labels; kept by who counts often, for to join labels costs more. */
export interface Count {
  value: number
}

export function counter(about: About): Metric & { of(labels: Labels): Count } {
  const counts = new Map<string, Count>()
  return {
    of: (labels) => entryOf(counts, labelText(labels), () => ({ value: 0 })),
    text: () =>
      head(about, 'counter') +
      [...counts].map(([labels, { value }]) => sample(about.name, labels, value)).join(''),
  }
}

/** A value read when it is asked for. */
export function gauge(
  about: About & { readonly read: () => number; readonly grows?: boolean },
): Metric {
  return {
    text: () =>
      head(about, about.grows ? 'counter' : 'gauge') + sample(about.name, '', about.read()),
  }
}

/** What is observed under one set of labels; kept by who observes often. */
export interface Series {
  observe(value: number): void
}

/** @param about `bounds` are the upper ends of the buckets, ascending, in the unit of what is observed */
export function histogram(
  about: About & { readonly bounds: readonly number[] },
): Metric & { of(labels: Labels): Series } {
  const { name, bounds } = about
  const series = new Map<string, ReturnType<typeof createSeries>>()
  return {
    of: (labels) => entryOf(series, labelText(labels), () => createSeries(bounds)),
    text() {
      let text = head(about, 'histogram')
      for (const [labels, { buckets, sum }] of series) {
        let count = 0
        for (const [index, within] of buckets.entries()) {
          count += within
          const le = `le="${bounds[index] ?? '+Inf'}"`
          text += sample(`${name}_bucket`, labels === '' ? le : `${labels},${le}`, count)
        }
        text += sample(`${name}_sum`, labels, sum()) + sample(`${name}_count`, labels, count)
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

/** The entry of a map, made when first asked for. */
export function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}

function head({ name, help }: About, type: 'counter' | 'gauge' | 'histogram'): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
}

function sample(name: string, labels: string, value: number): string {
  return labels === '' ? `${name} ${value}\n` : `${name}{${labels}} ${value}\n`
}

function labelText(labels: Labels): string {
  let text = ''
  for (const name in labels) text += `${text && ','}${name}="${quoted(labels[name] ?? '')}"`
  return text
}

function quoted(value: string): string {
  return /[\\"\n]/.test(value)
    ? value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))
    : value
}
