import { ApiClient } from './api-client.ts'
import { findServerAddress } from '../server-address.ts'

/** A client of the server that the environment, or a running embedded stack, names. */
export function connectToServer(): ApiClient {
  return new ApiClient(findServerAddress())
}
