import { createTRPCClient } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { expectTypeOf, it } from 'vitest'
import { type WxRequest, wxLink } from '../src/index.ts'
import type { TestRouter } from './fixtures/trpc-server.ts'

const request: WxRequest = () => undefined

it('types the result of a call by the router', () => {
  const api = createTRPCClient<TestRouter>({ links: [wxLink({ url: '', request })] })
  type Greeting = Awaited<ReturnType<typeof api.greet.query>>
  expectTypeOf<Greeting>().toEqualTypeOf<{ text: string }>()
  // @ts-expect-error the result has another shape
  expectTypeOf<Greeting>().toEqualTypeOf<{ text: number }>()
  // @ts-expect-error the input has another shape
  expectTypeOf(api.greet.query).toBeCallableWith({ name: 1 })
})

it('requires a transformer exactly when the router has one', () => {
  const transformer = {
    serialize: (value: unknown) => value,
    deserialize: (value: unknown) => value,
  }
  const router = initTRPC.create({ transformer }).router({})
  expectTypeOf(wxLink<typeof router>).toBeCallableWith({ url: '', request, transformer })
  // @ts-expect-error the router has a transformer
  expectTypeOf(wxLink<typeof router>).toBeCallableWith({ url: '', request })
  // @ts-expect-error the router has no transformer
  expectTypeOf(wxLink<TestRouter>).toBeCallableWith({ url: '', request, transformer })
})
