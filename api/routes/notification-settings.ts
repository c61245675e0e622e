import { createRoute, z } from '@hono/zod-openapi'
import { withDistrict } from '../../db/database.ts'
import { lockDistrict } from '../../db/access/lock-district.ts'
import { insertAuditEntry } from '../../db/access/audit.ts'
import {
  listNotificationSettings,
  upsertNotificationSettings,
  type NotificationSettingsRow,
} from '../../db/notify/notification-settings.ts'
import { dataTypes } from '../../domain/data-types/registry.ts'
import type { Api } from '../app-environment.ts'
import { deriveETag, ETag, IfMatch, requireMatch } from '../answers/etag.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import { NewNotificationSettings, NotificationSettings } from '../contract/notification.ts'
import { getKnownDataType } from '../known-data-type.ts'
import { enterDistrict } from '../access/scope.ts'

const list = createRoute({
  method: 'get',
  path: '/api/districts/{slug}/notifications',
  summary: 'Who is told by mail, for each data type',
  request: { params: z.object({ slug: z.string() }) },
  responses: {
    200: jsonAnswer('All data types', z.object({ items: z.array(NotificationSettings) })),
    default: problemAnswer,
  },
})

const params = z.object({ slug: z.string(), dataType: z.string() })

const show = createRoute({
  method: 'get',
  path: '/api/districts/{slug}/notifications/{dataType}',
  summary: 'Who is told by mail about one data type',
  request: { params },
  responses: { 200: { ...jsonAnswer('What holds now', NotificationSettings), headers: ETag }, default: problemAnswer },
})

const replace = createRoute({
  method: 'put',
  path: '/api/districts/{slug}/notifications/{dataType}',
  summary: 'Set who is told by mail about a data type, and when open alerts are brought to mind again',
  request: {
    params,
    headers: IfMatch,
    body: { required: true, content: { 'application/json': { schema: NewNotificationSettings } } },
  },
  responses: { 200: { ...jsonAnswer('What holds now', NotificationSettings), headers: ETag }, default: problemAnswer },
})

const defaultReminderDays = [3, 10]

export function addNotificationSettingRoutes(api: Api): void {
  api.openapi(list, async (context) => {
    const { districtId, district } = await enterDistrict(context, context.req.valid('param').slug, 'view')
    const rows = await withDistrict(context.get('parts').db, districtId, (trx) =>
      listNotificationSettings(trx, districtId),
    )
    const items = dataTypes.map(({ name }) => pick(rows, name, district))
    return context.json({ items }, 200)
  })

  api.openapi(show, async (context) => {
    const { slug, dataType } = context.req.valid('param')
    getKnownDataType(dataType)
    const { districtId, district } = await enterDistrict(context, slug, 'view')
    const rows = await withDistrict(context.get('parts').db, districtId, (trx) =>
      listNotificationSettings(trx, districtId),
    )
    const document = pick(rows, dataType, district)
    return context.json(document, 200, { etag: deriveETag(document) })
  })

  api.openapi(replace, async (context) => {
    const { slug, dataType } = context.req.valid('param')
    getKnownDataType(dataType)
    const { districtId, district } = await enterDistrict(context, slug, 'configure')
    const { recipients, reminderDays } = context.req.valid('json')
    const ascending = [...new Set(reminderDays)].sort((a, b) => a - b)
    const actor = context.get('caller').name
    const ifMatch = context.req.valid('header')['if-match']
    const row = await withDistrict(context.get('parts').db, districtId, async (trx) => {
      await lockDistrict(trx, districtId)
      requireMatch(ifMatch, pick(await listNotificationSettings(trx, districtId), dataType, district))
      // How many, and not who: addresses stay where they are used.
      const held = (await listNotificationSettings(trx, districtId)).find((one) => one.dataType === dataType)
      const before = held && { recipientCount: held.recipients.length, reminderDays: held.reminderDays }
      const after = { recipientCount: recipients.length, reminderDays: ascending }
      const subject = { dataType, ...after }
      await insertAuditEntry(trx, { districtId, actor, action: 'setNotifications', subject, before, after })
      return await upsertNotificationSettings(trx, { districtId, dataType, recipients, reminderDays: ascending })
    })
    const document = toDocument(row, district)
    return context.json(document, 200, { etag: deriveETag(document) })
  })
}

function pick(rows: readonly NotificationSettingsRow[], dataType: string, district: string): NotificationSettings {
  const row = rows.find((one) => one.dataType === dataType)
  return toDocument(row ?? { dataType, recipients: [], reminderDays: defaultReminderDays }, district)
}

function toDocument(
  { dataType, recipients, reminderDays }: Omit<NotificationSettingsRow, 'districtId'>,
  district: string,
): NotificationSettings {
  return { district, dataType, recipients, reminderDays }
}
