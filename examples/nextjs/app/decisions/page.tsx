import { redirect } from 'next/navigation';

/** The form of the first page sends the id here. */
export default async function Asked({ searchParams }: { searchParams: Promise<{ id?: string }> }) {
  const { id = '' } = await searchParams;
  redirect(`/decisions/${id.split('/').map(encodeURIComponent).join('/')}`);
}
