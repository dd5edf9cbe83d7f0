// Previews by sharp, one after the other, as its documentation has it. Arguments: the pictures, where the previews go, the longer side.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

sharp.concurrency(1)
sharp.cache(false)
const [from, to, side] = process.argv.slice(2)
for (const name of await readdir(from)) {
  await sharp(join(from, name)).rotate().resize(Number(side), Number(side), { fit: 'inside', withoutEnlargement: true }).jpeg({ quality: 80 }).toFile(join(to, name))
}
