/**
 * miniprogram-ci depends on a thousand packages, most of them for its compiler. Its part that does 构建 npm loads
 * only these.
 */
const usedByPackNpm = [
  '@vue/reactivity',
  'acorn',
  'babel-code-frame',
  'chalk',
  'fs-extra',
  'glob',
  'jsonschema',
  'licia',
  'lodash',
  'minimatch',
  'read-package-tree',
  'rimraf',
  'source-map',
  'tslib',
]

const hasName =
  (names) =>
  ([name]) =>
    names.includes(name)

export const hooks = {
  readPackage(manifest) {
    const { name, dependencies, peerDependencies } = manifest
    if (name === 'miniprogram-ci') {
      const used = Object.entries(dependencies).filter(hasName(usedByPackNpm))
      return { ...manifest, dependencies: Object.fromEntries(used) }
    }
    // TypeDoc loads the compiler as a library, which TypeScript 7 is not.
    if (name === 'typedoc') {
      const { typescript: _, ...peers } = peerDependencies
      const typescript = 'npm:typescript@5.9.3'
      return { ...manifest, dependencies: { ...dependencies, typescript }, peerDependencies: peers }
    }
    return manifest
  },
}
