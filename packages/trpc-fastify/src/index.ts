export type { HandlerOptions } from './mounted-router.ts'
export {
  type LazyHandlerOptions,
  type LazyTrpcFastifyOptions,
  type TrpcFastifyOptions,
  trpcFastify,
} from './plugin.ts'
