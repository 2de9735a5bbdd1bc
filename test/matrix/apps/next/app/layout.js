// Next.js wants a layout in every app.
export default function Layout({ children }) {
  return children;
}
