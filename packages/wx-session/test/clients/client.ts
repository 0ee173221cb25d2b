export interface User {
  name: string
}

/** What the example of each library offers to the pages of an app. */
export interface Client {
  get(url: string): Promise<unknown>
  post(url: string, body: object): Promise<unknown>
}
