import { createTRPCClient, type TRPCLink } from '@trpc/client'
import { createWxClient, type WxClient, wxLink as wxLinkOfClient } from '../../src/client.ts'
import { wxLink } from '../../src/index.ts'
import type { TestRouter } from './router.ts'

interface TestClient {
  name: string
  createClient(options: { links: TRPCLink<TestRouter>[] }): WxClient<TestRouter>
  wxLink: typeof wxLink<TestRouter>
}

/** Whatever holds for a link holds with tRPC's client and with ours. */
export const clients: TestClient[] = [
  { name: 'createTRPCClient', createClient: createTRPCClient<TestRouter>, wxLink },
  {
    name: 'createWxClient',
    createClient: createWxClient<TestRouter>,
    wxLink: wxLinkOfClient<TestRouter>,
  },
]
