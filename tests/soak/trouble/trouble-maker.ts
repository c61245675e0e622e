import { setTimeout as sleep } from 'node:timers/promises'
import type { Stack } from '../../../stack/stack.ts'
import { killProcess } from '../../end-to-end/kills/stack-killer.ts'
import type { Chance } from '../chance.ts'
import type { Journal } from '../journal.ts'
import type { DatabaseProxy } from './database-proxy.ts'
import type { Weather } from './weather.ts'

const victims = ['worker', 'api', 'postgres', 'temporal'] as const

/** Kills processes in turn, and cuts and stalls the network to PostgreSQL. */
export class TroubleMaker {
  readonly #stack: Stack
  readonly #proxy: DatabaseProxy
  readonly #chance: Chance
  readonly #journal: Journal
  readonly #weather: Weather
  #turn = 0

  constructor(
    parts: { readonly stack: Stack; readonly proxy: DatabaseProxy; readonly weather: Weather },
    chance: Chance,
    journal: Journal,
  ) {
    this.#stack = parts.stack
    this.#proxy = parts.proxy
    this.#weather = parts.weather
    this.#chance = chance
    this.#journal = journal
  }

  /**
   * One trouble, until it has ended. `sparesOurs`: worker and API are left alive, so that their memory and handles can be
   * followed for long.
   */
  async make({ sparesOurs }: { readonly sparesOurs: boolean }): Promise<void> {
    const chance = this.#chance
    const what = chance.weighted({ kill: sparesOurs ? 1 : 4, cut: 2, reset: 2, stall: 2 })
    const seconds = chance.between(1, 12)
    const end = this.#weather.begin()
    try {
      if (what === 'kill') await this.#kill(sparesOurs)
      else {
        this.#tell(what, `the network to PostgreSQL${what === 'reset' ? '' : `, ${seconds} s`}`)
        this.#proxy[what]()
        if (what !== 'reset') await sleep(seconds * 1000)
      }
    } finally {
      this.#proxy.mend()
      end()
    }
  }

  async #kill(sparesOurs: boolean): Promise<void> {
    const candidates = sparesOurs ? victims.slice(2) : victims
    const victim = candidates[(this.#turn += 1) % candidates.length] ?? 'worker'
    this.#tell('kill', victim)
    await killProcess(this.#stack, victim)
  }

  #tell(what: string, words: string): void {
    this.#journal.tell('trouble', `${what} ${words}`)
    this.#journal.count(`trouble: ${what}${what === 'kill' ? ` ${words}` : ''}`)
  }
}
