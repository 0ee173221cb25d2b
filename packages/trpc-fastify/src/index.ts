export { type TrpcFastifyOptions, trpcFastify } from './plugin.ts'
