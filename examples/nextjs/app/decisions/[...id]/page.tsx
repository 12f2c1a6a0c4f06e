import { withoutLead, type Explanation } from '@leadwright/elements';
import { notFound } from 'next/navigation';
import { contracts, engine } from '../../../lib/engine';
import { Decision } from './decision';

/** `/decisions/search-lp/L1.1`: on the server the decision is read and explained, in the browser the element shows it. */
export default async function Page({ params }: { params: Promise<{ id: string[] }> }) {
  const id = (await params).id.map(decodeURIComponent).join('/');
  return <Decision explanation={explained(id)} contracts={contracts()} />;
}

function explained(id: string): Explanation {
  try {
    // The values of the lead stay on the server.
    return withoutLead(engine().explain(id));
  } catch (error) {
    if ((error as { code?: string }).code === 'replay.not_found') notFound();
    throw error;
  }
}
