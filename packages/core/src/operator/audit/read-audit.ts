import type { Desk } from '../desk.ts'
import type { DeskPorts } from '../desk-ports.ts'

export function readAudit({
  auditReader,
}: Pick<DeskPorts, 'auditReader'>): Pick<Desk, 'listAudit' | 'countAudit'> {
  return {
    listAudit: (_by, query) => auditReader.list(query),
    countAudit: (_by, query) => auditReader.count(query),
  }
}
