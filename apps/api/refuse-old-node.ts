import workspace from '../../package.json' with { type: 'json' }

/**
 * Puts a check of Node's version in front of the code of a file. It comes before all else, and uses nothing that an
 * old Node lacks: the line after it may name a function of Node that is missing there, and better-sqlite3 ends the
 * process by a segmentation fault.
 */
export function refuseOldNode(code: string): string {
  const { node } = workspace.engines
  const [major, minor] = node.match(/\d+/g) ?? []
  // `process` and `console` may be names of the code that follows.
  return `{const{process}=globalThis,version=process.versions.node,[major,minor]=version.split(".");if(major<${major}||major==${major}&&minor<${minor}){process.stderr.write("mianmi: Node ${node} is needed, and this is "+version+"\\n");process.exit(1)}}
${code}`
}
