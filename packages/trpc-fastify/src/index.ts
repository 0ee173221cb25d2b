export type { HandlerOptions } from './mounted-router.ts'
export { type TrpcFastifyOptions, trpcFastify } from './plugin.ts'
