import type { SummingAuditLog } from '@mianmi/core'
import type { FastifyBaseLogger } from 'fastify'
import { fillNicknames } from './admin/service/fill-nicknames.ts'
import { type AuditHead, startAuditUpkeep } from './audit/upkeep.ts'
import type { Reporter } from './process/reporter.ts'
import type { Store } from './store/store.ts'
import type { RootKey } from './tokens/root-key.ts'
import { watchKeys } from './tokens/watch-keys.ts'

interface UpkeepParts {
  readonly store: Store
  readonly root: RootKey
  readonly audit: SummingAuditLog
  readonly log: FastifyBaseLogger
  readonly report: Reporter
  /** Takes the newest line of the audit log, from time to time. */
  readonly onHead: (head: AuditHead) => void
}

/** Starts what goes on in the background while the service runs. `stop` ends all of it. */
export function startUpkeep({ store, root, audit, log, report, onHead }: UpkeepParts): {
  stop(): void
} {
  const { now } = store
  const stops = [
    watchKeys(store.rootKeys, root, {
      now,
      warn: (line) => log.warn(line),
      onError: (error) => log.error({ err: error }, 'key watch'),
    }),
    fillNicknames({ fill: store.nicknameFill, onError: report.error }),
    startAuditUpkeep({ audit, store: store.audit, now, onHead, onError: report.error }),
  ]
  return {
    stop() {
      for (const stop of stops) stop()
    },
  }
}
