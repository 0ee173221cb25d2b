export type { AdminContext } from './context.ts'
export { type AdminPath, type AdminRouter, adminRouter, auditVerbOfPath } from './router.ts'
