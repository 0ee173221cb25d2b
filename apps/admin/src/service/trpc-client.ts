import type { AppRouter } from '@mianmi/contracts'
import type { QueryClient } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import { createTRPCContext, createTRPCOptionsProxy } from '@trpc/tanstack-react-query'
import { recordResponse } from '../session/session-end.ts'

export const { TRPCProvider, useTRPC } = createTRPCContext<AppRouter>()

export type AdminInput = inferRouterInputs<AppRouter>['admin']
export type AdminOutput = inferRouterOutputs<AppRouter>['admin']

/** The service takes no more calls in one request. */
const maxItems = 10

export const trpcClient = createTRPCClient<AppRouter>({
  links: [
    httpBatchLink({
      url: '/trpc',
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
  createTRPCOptionsProxy<AppRouter>({ client: trpcClient, queryClient })
