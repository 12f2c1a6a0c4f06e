import { engine } from '../lib/engine';

export const dynamic = 'force-dynamic';

export default function Home() {
  const rows = engine().report({ by: ['outcome'] });
  return (
    <>
      <h1>Leads</h1>
      <form action="/decisions">
        <label>
          Decision <input name="id" required placeholder="search-lp/L1.1" />
        </label>
        <button>Explain</button>
      </form>
      <table>
        <thead>
          <tr>
            <th>Outcome</th>
            <th>Leads</th>
            <th>Revenue</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.outcome}>
              <td>{row.outcome}</td>
              <td>{row.leads}</td>
              <td>{row.revenue}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        <a href="/plans">What would another plan change?</a>
      </p>
    </>
  );
}
