import type { AnyTRPCRouter } from '@trpc/server'

type Config = AnyTRPCRouter['_def']['_config']
export type Item = { readonly error: unknown } | { readonly result: { readonly data: unknown } }

/** Items as they go over the wire, without the object spreading of tRPC's own `transformTRPCResponse`. */
export function writeItem(config: Config, item: Item): Item {
  const { output } = config.transformer
  if ('error' in item) return { error: output.serialize(item.error) }
  return { result: { data: output.serialize(item.result.data) } }
}
