import { metrics } from '@opentelemetry/api';

export const dynamic = 'force-dynamic';

export async function GET(_request, { params }) {
  const { id } = await params;
  metrics.getMeter('shop').createCounter('users.shown').add(1);
  return Response.json({ id });
}
