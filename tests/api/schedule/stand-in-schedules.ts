import { Refusal } from '../../../api/failures.ts'
import type { KeptSchedule, ScheduleKeeper } from '../../../api/schedule/schedule-keeper.ts'

/** Stands in for Temporal's Schedules: keeps them, and is away when the test says so. */
export class StandInSchedules implements ScheduleKeeper {
  readonly kept = new Map<string, KeptSchedule>()
  isUp = true

  put(schedule: KeptSchedule): Promise<void> {
    return this.#whenUp(() => void this.kept.set(schedule.scheduleId, schedule))
  }

  remove(scheduleId: string): Promise<void> {
    return this.#whenUp(() => void this.kept.delete(scheduleId))
  }

  putWatchdog(): Promise<void> {
    return this.#whenUp(() => undefined)
  }

  async #whenUp(act: () => void): Promise<void> {
    await Promise.resolve()
    if (!this.isUp) throw new Refusal('WORKFLOWS_UNAVAILABLE', 'Try again in a moment.')
    act()
  }
}
