import type { Client } from '@temporalio/client'

/** Who asks the task queue for work, by kind; whoever asked within two minutes counts. */
export type Pollers = { readonly workflows: number; readonly activities: number }

type Kind = NonNullable<Parameters<Client['workflowService']['describeTaskQueue']>[0]['taskQueueType']>
// The numbers of `temporal.api.enums.v1.TaskQueueType`, of which the client exports the type alone.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- they are that enumeration's own numbers
const kinds = { workflows: 1 as Kind, activities: 2 as Kind }

const recentMs = 120_000
const patienceMs = 2_000

/** Throws when Temporal does not answer within two seconds. */
export async function countPollers(client: Client, taskQueue: string, now: Date): Promise<Pollers> {
  const [workflows, activities] = await Promise.all([
    countOfKind(client, taskQueue, kinds.workflows, now),
    countOfKind(client, taskQueue, kinds.activities, now),
  ])
  return { workflows, activities }
}

async function countOfKind(client: Client, name: string, taskQueueType: Kind, now: Date): Promise<number> {
  const { namespace } = client.options
  const { pollers } = await client.connection.withDeadline(Date.now() + patienceMs, () =>
    client.workflowService.describeTaskQueue({ namespace, taskQueue: { name }, taskQueueType }),
  )
  const since = now.getTime() - recentMs
  return pollers.filter(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 >= since).length
}
