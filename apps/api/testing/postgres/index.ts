/** A PostgreSQL cluster of its own, for the tests of every package and for the benchmark. */
export { findPostgres } from './binaries.ts'
export { type Cluster, type ClusterOptions, startCluster } from './cluster.ts'
