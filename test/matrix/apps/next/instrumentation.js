// Next.js calls it once when its server starts.
export async function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs' && process.env.OWN_SDK === 'yes') await import('./metrics.js');
}
