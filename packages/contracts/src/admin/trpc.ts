import { initTRPC } from '@trpc/server'
import { formatError } from '../errors.ts'
import type { AdminContext } from './context.ts'

const t = initTRPC.context<AdminContext>().create({ errorFormatter: formatError })

export const { router, procedure } = t
