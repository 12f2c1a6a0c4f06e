// json-rules-engine: one engine with a rule for each contract.
import { readFileSync } from 'node:fs'
import { Engine } from 'json-rules-engine'

const { contracts, leads: all } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const leads = all.slice(0, Number(process.argv[3]))

const one = (fact, operator, value) => ({ fact, operator, value })
const tests = ([field, op, value]) => {
  if (op !== 'within') return [one(field, op, value)]
  const [least, most] = value
  const bounds = []
  if (least !== null) bounds.push(one(field, 'greaterThanInclusive', least))
  if (most !== null) bounds.push(one(field, 'lessThanInclusive', most))
  return bounds
}

const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) * 1e3 }

let start = cpu()
const engine = new Engine()
contracts.forEach((contract, number) => {
  const conditions = { all: contract.all.flatMap(tests) }
  if (contract.any.length > 0) conditions.all.push({ any: contract.any.map(each => ({ all: each.flatMap(tests) })) })
  engine.addRule({ conditions, event: { type: 'match', params: { number } } })
})
const build = (cpu() - start) / 1e6

const MASK = (1n << 64n) - 1n
let count = 0
let hash = 0n
start = cpu()
const found = []
for (const lead of leads) found.push((await engine.run(lead)).events)
const nanos = (cpu() - start) / leads.length
found.forEach((events, lead) => {
  const factor = BigInt(lead + 1) * 0x9E3779B97F4A7C15n & MASK
  for (const { params } of events) {
    count += 1
    hash = hash + BigInt(params.number + 1) * factor & MASK
  }
})
console.log(JSON.stringify({ leads: leads.length, nanos, build_ms: build, count, hash: hash.toString(16) }))
