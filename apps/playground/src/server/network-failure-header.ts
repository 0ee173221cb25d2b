/** The page turns a reply that carries this header into a failure of the network. */
export const networkFailureHeader = 'x-playground-network'
