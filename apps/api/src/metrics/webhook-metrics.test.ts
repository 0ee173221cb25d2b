import { expect, it } from 'vitest'
import { createWebhookMetrics, type MeasuredWebhooks } from './webhook-metrics.ts'

const measured: MeasuredWebhooks = {
  pending: 3,
  dead: 1,
  unreadable: 4,
  oldestAgeMs: 2_500,
  attempts: new Map([
    ['delivered', 7],
    ['timeout', 2],
  ]),
}

it('are what is pending and dead, and the attempts by outcome', () => {
  const { metrics } = createWebhookMetrics()
  const text = (of: MeasuredWebhooks): string =>
    metrics(of)
      .map((metric) => metric.text())
      .join('')
  for (const line of [
    'mianmi_webhook_pending 3',
    'mianmi_webhook_dead 1',
    'mianmi_webhook_unreadable 4',
    'mianmi_webhook_oldest_pending_seconds 2.5',
    'mianmi_webhook_attempts_total{outcome="delivered"} 7',
    'mianmi_webhook_attempts_total{outcome="timeout"} 2',
  ])
    expect(text(measured)).toContain(`${line}\n`)
  const later = { ...measured, pending: 0, attempts: new Map([['delivered', 9]]) }
  expect(text(later)).toContain('mianmi_webhook_pending 0\n')
  expect(text(later)).toContain('mianmi_webhook_attempts_total{outcome="delivered"} 9\n')
})
