import { setTimeout as sleep } from 'node:timers/promises'

/** What somebody who listens hears. `id` comes back as Last-Event-ID when the line broke. */
export type StreamEvent = { readonly event: string; readonly id: string; readonly data: unknown }

/** One look: what is new, and whether nothing more can come. */
export type Look = { readonly events: readonly StreamEvent[]; readonly isLast?: boolean }

export type StreamTimes = {
  /** Between two looks: at most two a second. */
  readonly pauseMs: number
  /** After so long without an event a comment says that the line is alive. */
  readonly commentMs: number
  /** Then the stream ends, and whoever listens comes back and is asked anew who it is. */
  readonly longestMs: number
}

const usualTimes: StreamTimes = { pauseMs: 500, commentMs: 15_000, longestMs: 10 * 60_000 }

/**
 * Server-sent events out of looks at the database, until the listener leaves, the process stops or there is nothing more to
 * come. A look that fails ends the stream: whoever listens comes back by itself.
 */
export function streamEvents(
  look: () => Promise<Look>,
  stopping: AbortSignal | undefined,
  { pauseMs, commentMs, longestMs }: StreamTimes = usualTimes,
): Response {
  const left = new AbortController()
  const signal = stopping === undefined ? left.signal : AbortSignal.any([left.signal, stopping])
  const encoder = new TextEncoder()
  async function* write(): AsyncGenerator<string> {
    const startedAt = performance.now()
    let saidAt = startedAt
    yield 'retry: 1000\n\n'
    while (!signal.aborted && performance.now() - startedAt < longestMs) {
      const { events, isLast = false } = await look()
      for (const { event, id, data } of events) {
        yield `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`
      }
      if (isLast) {
        yield 'event: end\ndata: {}\n\n'
        return
      }
      const now = performance.now()
      if (events.length > 0) saidAt = now
      else if (now - saidAt >= commentMs) {
        yield ': still here\n\n'
        saidAt = now
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }
  const lines = write()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await lines.next()
      if (next.done === true) controller.close()
      else controller.enqueue(encoder.encode(next.value))
    },
    cancel() {
      left.abort()
    },
  })
  // A proxy that gathers an answer before it passes it on would make a list of what is news.
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' } })
}
