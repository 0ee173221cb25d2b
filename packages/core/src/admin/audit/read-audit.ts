import type { AdminService } from '../admin.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { nameLines } from './name-lines.ts'

export function readAudit(
  ports: Pick<AdminPorts, 'auditReader' | 'people' | 'serviceKeys'>,
): Pick<AdminService, 'listAudit' | 'countAudit'> {
  const { auditReader } = ports
  return {
    listAudit: async (_actor, query) => {
      const { items, next } = await auditReader.list(query)
      return { items: await nameLines(ports, items), next }
    },
    countAudit: (_actor, query) => auditReader.count(query),
  }
}
