import { randomBytes } from 'node:crypto'
import { diag } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  type IdGenerator,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { TracingConfig } from './tracing.ts'

export const newTraceId = (): string => randomBytes(16).toString('hex')

/** Ids are random but for the trace id of a request, which its log lines and replies have too. */
export interface RequestIds extends IdGenerator {
  /** The id of the trace that is started next; '' for a random one. */
  nextTraceId: string
}

export const createRequestIds = (): RequestIds => ({
  nextTraceId: '',
  generateTraceId() {
    return this.nextTraceId || newTraceId()
  },
  generateSpanId: () => randomBytes(8).toString('hex'),
})

/**
 * The exporter reads `OTEL_EXPORTER_OTLP_HEADERS` itself, for collectors that want a key. Names of the variables:
 * opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables
 */
export function createProvider(
  { endpoint, serviceName, ratio }: TracingConfig,
  version: string,
  idGenerator: IdGenerator,
): TracerProvider {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` })
  const names = {
    'service.name': serviceName,
    'service.version': version,
  }
  return new TracerProvider({
    idGenerator,
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    resource: defaultResource().merge(resourceFromAttributes(names)),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  })
}

/** While the collector is away every batch fails. */
const faultPauseMs = 60_000

/** Passes on that spans cannot be sent. The text of the library may quote the address with its password and is left out. */
export function reportFaults(onFault: (line: string) => void): void {
  let silentUntil = 0
  const report = (): void => {
    if (Date.now() < silentUntil) return
    silentUntil = Date.now() + faultPauseMs
    onFault('traces cannot be sent to OTEL_EXPORTER_OTLP_ENDPOINT')
  }
  const ignore = (): void => {}
  diag.setLogger({ error: report, warn: report, info: ignore, debug: ignore, verbose: ignore })
}
