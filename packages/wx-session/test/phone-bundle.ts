import { rolldown } from 'rolldown'

/** Bundles an entry as a mini program is built: one CommonJS file, lowered to es2017, minified. */
export async function bundle(source: string): Promise<string> {
  const entry = new URL('./entry.virtual.ts', import.meta.url).pathname
  const build = await rolldown({
    input: entry,
    platform: 'neutral',
    transform: { target: 'es2017' },
    resolve: { conditionNames: ['import'] },
    treeshake: { moduleSideEffects: false },
    plugins: [
      {
        name: 'entry',
        load: (id) => (id === entry ? { code: source, moduleSideEffects: true } : null),
        resolveId: (id) => (id === entry ? id : null),
      },
    ],
  })
  const { output } = await build.generate({ format: 'cjs', exports: 'named', minify: true })
  await build.close()
  return output[0].code
}
