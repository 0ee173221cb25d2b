import { Failure } from '@mianmi/core'
import { version } from '../process/command-line.ts'
import type { Tracing, TracingConfig, TracingEnvironment } from './tracing.ts'

/** The tracing that is configured, or null. Its code is loaded only then, so that it costs nothing otherwise. */
export async function openTracing(
  config: TracingConfig | null,
  onFault: TracingEnvironment['onFault'],
): Promise<Tracing | null> {
  if (config === null) return null
  const { createTracing } = await import('./otlp-tracing.ts')
  const reasonOf = (error: unknown) => (error instanceof Failure ? error.reason : null)
  return createTracing(config, { version, reasonOf, onFault })
}
