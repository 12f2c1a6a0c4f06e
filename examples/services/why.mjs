/**
 * Why each contract did or did not get the lead, and what became of its sales, as a text. Nothing of the lead itself is
 * in it, and so none is in a cache.
 */
export function why(engine, id) {
  const { decision, entries, sales } = engine.explain(id);
  return JSON.stringify({ id, outcome: decision.outcome, assignments: decision.assignments, entries, sales });
}
