import { createTRPCClient } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { expectTypeOf, it } from 'vitest'
import { type WxRequest, wxLink } from '../src/index.ts'
import type { TestRouter } from './fixtures/trpc-server.ts'

const request: WxRequest = () => undefined

it('types the reply of a call by the router', () => {
  const api = createTRPCClient<TestRouter>({ links: [wxLink({ url: '', request })] })
  type Reply = Awaited<ReturnType<typeof api.greet.query>>
  expectTypeOf<Reply>().toEqualTypeOf<{ text: string }>()
  // @ts-expect-error a reply of another shape does not compile
  expectTypeOf<Reply>().toEqualTypeOf<{ text: number }>()
  // @ts-expect-error an input of another shape does not compile
  expectTypeOf(api.greet.query).toBeCallableWith({ name: 1 })
})

it('asks for a transformer exactly where the router has one', () => {
  const transformer = {
    serialize: (value: unknown) => value,
    deserialize: (value: unknown) => value,
  }
  const router = initTRPC.create({ transformer }).router({})
  expectTypeOf(wxLink<typeof router>).toBeCallableWith({ url: '', request, transformer })
  // @ts-expect-error the router has a transformer
  expectTypeOf(wxLink<typeof router>).toBeCallableWith({ url: '', request })
  // @ts-expect-error the router has none
  expectTypeOf(wxLink<TestRouter>).toBeCallableWith({ url: '', request, transformer })
})
