/** What a benchmark of a data type is measured against: the least that PostgreSQL must do with the same file. */
export type Floor = {
  /** The files that the import reads, each copied whole. */
  readonly members: readonly string[]
  /** The table of the records. */
  readonly table: string
  /** The columns that `select` gives, in its order. */
  readonly columns: string
  /** The rows, with references as ids of the right size, which a digest of the source's key gives without a join. */
  readonly select: string
  /** The file that carries the rows, by `sourcedId`. */
  readonly rows: string
}

const district = `'00000000-0000-0000-0000-000000000001'::uuid`
const digestsOf = (row: string) =>
  `'active', hashtextextended(${row}."sourcedId", 1), hashtextextended(${row}."sourcedId", 2)`

const students: Floor = {
  members: ['orgs', 'users', 'demographics'],
  table: 'students',
  columns: `district_id, sis_id, source_key, username, federated_id, given_name, middle_name, family_name, birth_date, sex,
    ethnicity, race, email, phone, school_id, grade_level, class_year, status, primary_digest, supplement_digest`,
  select: `select ${district}, u."identifier", u."sourcedId", u."username", u."userIds",
      u."givenName", u."middleName", u."familyName", d."birthDate"::date, d."sex",
      case d."hispanicOrLatinoEthnicity" when 'true' then 'hispanicOrLatino' end,
      case when d."white" = 'true' then array['white'] when d."asian" = 'true' then array['asian'] end,
      u."email", u."phone", md5(u."orgSourcedIds")::uuid, u."grades", 2030, ${digestsOf('u')}
    from floor.users u left join floor.demographics d on d."sourcedId" = u."sourcedId"`,
  rows: 'users',
}

const classes: Floor = {
  members: ['orgs', 'courses', 'enrollments', 'classes'],
  table: 'classes',
  columns: `district_id, sis_id, source_key, title, course_code, school_id, term_ids, subject, grades, periods, teacher_ids,
    status, primary_digest, gathered_digest`,
  select: `select ${district}, c."sourcedId", c."sourcedId", c."title", o."courseCode", md5(c."schoolSourcedId")::uuid,
      string_to_array(c."termSourcedIds", ','), c."subjects", string_to_array(c."grades", ','),
      string_to_array(c."periods", ','), t.ids, ${digestsOf('c')}
    from floor.classes c
    join floor.courses o on o."sourcedId" = c."courseSourcedId"
    join (
      select "classSourcedId", array_agg(md5("userSourcedId")::uuid) as ids
      from floor.enrollments where "role" = 'teacher' group by 1
    ) t on t."classSourcedId" = c."sourcedId"`,
  rows: 'classes',
}

const enrollments: Floor = {
  members: ['orgs', 'enrollments'],
  table: 'enrollments',
  columns: `district_id, sis_id, source_key, class_id, user_id, role, begin_date, end_date, "primary", school_id,
    status, primary_digest, supplement_digest`,
  select: `select ${district}, e."sourcedId", e."sourcedId", md5(e."classSourcedId")::uuid, md5(e."userSourcedId")::uuid,
      e."role", e."beginDate"::date, e."endDate"::date, e."primary", md5(e."schoolSourcedId")::uuid, ${digestsOf('e')}
    from floor.enrollments e`,
  rows: 'enrollments',
}

const floors: Readonly<Record<string, Floor>> = { students, classes, enrollments }

/** Throws where the data type has no benchmark, and names those that have one. */
export function floorOf(dataType: string): Floor {
  const floor = floors[dataType]
  if (floor === undefined) {
    throw new Error(`there is no benchmark for ${dataType}; there is one for ${Object.keys(floors).join(', ')}`)
  }
  return floor
}
