/** The instructions of a Dockerfile: their names in capitals and the rest of the line. A line may end with a backslash. */
export function readInstructions(text) {
  return text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name, rest] = /^(\w+)\s+(.*)$/.exec(line)
      return { name, rest }
    })
}

/** The command of `CMD`, `RUN`, `ENTRYPOINT` in its JSON form, or the same through a shell. */
export const commandOf = (rest) => (rest.startsWith('[') ? JSON.parse(rest) : ['sh', '-c', rest])

/** The variables of `ENV A=1 B=2`. */
export const variablesOf = (rest) =>
  Object.fromEntries(
    rest.split(/\s+/).map((pair) => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
