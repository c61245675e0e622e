import assert from 'node:assert/strict'
import { nameOperation } from '../../../api/openapi/name-operation.ts'
import { tagOperation } from '../../../api/openapi/tag-operation.ts'

describe('the name of an operation', () => {
  const names = {
    'get /api/runs': 'getRuns',
    'get /api/runs/{id}': 'getRun',
    'post /api/runs/{id}/rerun': 'postRunRerun',
    'get /api/import-sets/{id}': 'getImportSet',
    'post /api/districts/{slug}/deliveries/{id}/redeliver': 'postDistrictDeliveryRedeliver',
    'get /api/districts/{slug}/records/{dataType}/{id}/history': 'getDistrictRecordByIdHistory',
    'put /api/connections/{id}/schedules/{dataType}': 'putConnectionSchedule',
  }
  for (const [route, name] of Object.entries(names)) {
    it(`is ${name} of ${route}`, () => {
      const [method = '', path = ''] = route.split(' ')
      assert.equal(nameOperation(method, path), name)
    })
  }
})

describe('the tag of an operation', () => {
  const tags = {
    '/api/runs/{id}/rerun': 'runs',
    '/api/districts': 'districts',
    '/api/districts/{slug}/cases/process': 'cases',
    '/api/connections/{id}/schedules/{dataType}/pause': 'schedules',
    '/api/connections/{id}/test': 'connections',
    '/api/runs/{id}/stream': 'stream',
  }
  for (const [path, tag] of Object.entries(tags)) {
    it(`is ${tag} of ${path}`, () => {
      assert.equal(tagOperation(path), tag)
    })
  }
})
