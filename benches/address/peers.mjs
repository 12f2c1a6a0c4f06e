// parse-address: one pass over the addresses for each line that comes in, its CPU time in nanoseconds out.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import parser from 'parse-address'

const texts = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) * 1e3 }

for await (const _ of createInterface({ input: process.stdin })) {
  const start = cpu()
  for (const text of texts) parser.parseLocation(text)
  console.log(cpu() - start)
}
