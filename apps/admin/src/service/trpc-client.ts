import type { AdminRouter } from '@mianmi/contracts/admin'
import type { QueryClient } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import { createTRPCContext, createTRPCOptionsProxy } from '@trpc/tanstack-react-query'
import { recordResponse } from '../session/session-end.ts'

export const { TRPCProvider, useTRPC } = createTRPCContext<AdminRouter>()

export type AdminInput = inferRouterInputs<AdminRouter>
export type AdminOutput = inferRouterOutputs<AdminRouter>

/** The largest batch that the service accepts. */
const maxItems = 10

export const trpcClient = createTRPCClient<AdminRouter>({
  links: [
    httpBatchLink({
      url: '/admin/trpc',
      maxItems,
      async fetch(url, { body, ...options } = {}) {
        const response = await fetch(url, {
          ...options,
          ...(typeof body === 'string' ? { body } : {}),
          signal: options.signal ?? null,
          credentials: 'same-origin',
        })
        if (response.ok) recordResponse()
        return response
      },
    }),
  ],
})

export const createTrpc = (queryClient: QueryClient) =>
  createTRPCOptionsProxy<AdminRouter>({ client: trpcClient, queryClient })
