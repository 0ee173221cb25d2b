/** Marks a reply of the proxy that the page reports as a network failure. */
export const networkFailureHeader = 'x-playground-network'
