import { z } from 'zod'

const patience = {
  /** A file whose size and time have not moved for this long, and whose ZIP directory is there, is whole (rule Z-14). */
  settleSeconds: z.int().min(1).max(600).default(10),
  /** How long an upload is waited for before the newest one that is whole is taken instead. */
  patienceMinutes: z.int().min(0).max(120).default(10),
}

const FolderDrop = z.strictObject({
  kind: z.literal('folder'),
  /** Beneath the folder that the installation keeps for the district; absolute or relative to it. */
  path: z.string().min(1).max(1000),
  ...patience,
})

/** As `ssh-keygen -lf` prints it. */
const KeyFingerprint = z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'a fingerprint as SHA256: and 43 characters')

const SftpDrop = z
  .strictObject({
    kind: z.literal('sftp'),
    host: z.string().min(1).max(255),
    port: z.int().min(1).max(65_535).default(22),
    username: z.string().min(1).max(255),
    password: z.string().min(1).optional(),
    /** OpenSSH or PEM. */
    privateKey: z.string().min(1).optional(),
    passphrase: z.string().min(1).optional(),
    /** Whoever answers with another key is not spoken to. Several while the server changes its key. */
    hostKeys: z.array(KeyFingerprint).min(1).max(8),
    path: z.string().min(1).max(1000).default('.'),
    ...patience,
  })
  .refine(({ password, privateKey }) => (password === undefined) !== (privateKey === undefined), {
    message: 'either a password or a private key',
    path: ['password'],
  })

/** Where packages are put by whoever sends them. */
export const DropSettings = z.discriminatedUnion('kind', [FolderDrop, SftpDrop])
export type DropSettings = z.infer<typeof DropSettings>
export type FolderDropSettings = z.infer<typeof FolderDrop>
export type SftpDropSettings = z.infer<typeof SftpDrop>
