import { arch, cpus, totalmem, type } from 'node:os'
import process from 'node:process'

/** Describes the machine without its host name. */
export function describeMachine() {
  const model =
    cpus()[0]
      ?.model.replace(/\((R|TM)\)/g, '')
      .trim() || 'unknown processor'
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${model}, ${cpus().length} cores, ${memory} GiB, ${type()} ${arch()}, Node ${process.versions.node}`
}
