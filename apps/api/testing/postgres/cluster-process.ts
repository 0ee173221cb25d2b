// A process that starts a cluster and does not stop it, for a test that kills it. Argument: folder of the binaries.
import { startCluster } from './cluster.ts'

const { folder, pid } = await startCluster({ bin: process.argv[2] ?? '', durable: false })
console.log(JSON.stringify({ folder, pid }))
