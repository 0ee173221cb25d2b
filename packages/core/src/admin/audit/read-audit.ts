import type { AdminService } from '../admin.ts'
import type { AdminPorts } from '../admin-ports.ts'

export function readAudit({
  auditReader,
}: Pick<AdminPorts, 'auditReader'>): Pick<AdminService, 'listAudit' | 'countAudit'> {
  return {
    listAudit: (_actor, query) => auditReader.list(query),
    countAudit: (_actor, query) => auditReader.count(query),
  }
}
