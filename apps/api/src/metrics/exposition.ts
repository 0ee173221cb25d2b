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

export function counter(about: About): Metric & { increment(labels: Labels): void } {
  const counts = new Map<string, number>()
  return {
    increment(labels) {
      const key = labelText(labels)
      counts.set(key, (counts.get(key) ?? 0) + 1)
    },
    text: () =>
      head(about, 'counter') +
      [...counts].map(([labels, count]) => sample(about.name, labels, count)).join(''),
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

/** @param about `bounds` are the upper ends of the buckets, ascending, in the unit of what is observed */
export function histogram(
  about: About & { readonly bounds: readonly number[] },
): Metric & { observe(labels: Labels, value: number): void } {
  const { name, bounds } = about
  const series = new Map<string, { buckets: number[]; sum: number }>()
  return {
    observe(labels, value) {
      const key = labelText(labels)
      let known = series.get(key)
      if (known === undefined) {
        known = { buckets: Array(bounds.length + 1).fill(0), sum: 0 }
        series.set(key, known)
      }
      const fitting = bounds.findIndex((bound) => value <= bound)
      const index = fitting === -1 ? bounds.length : fitting
      known.buckets[index] = (known.buckets[index] ?? 0) + 1
      known.sum += value
    },
    text() {
      let text = head(about, 'histogram')
      for (const [labels, { buckets, sum }] of series) {
        let count = 0
        for (const [index, within] of buckets.entries()) {
          count += within
          const le = `le="${bounds[index] ?? '+Inf'}"`
          text += sample(`${name}_bucket`, labels === '' ? le : `${labels},${le}`, count)
        }
        text += sample(`${name}_sum`, labels, sum) + sample(`${name}_count`, labels, count)
      }
      return text
    },
  }
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
