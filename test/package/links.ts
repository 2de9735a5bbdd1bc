// The links between documents that are Markdown files.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The relative links of a document whose file, or heading in that file, is not in the folder. */
export function brokenLinks(folder: string, document: string): string[] {
  return linksOf(readFileSync(join(folder, document), 'utf8'))
    .filter((link) => !/^[a-z][a-z+.-]*:/i.test(link))
    .filter((link) => {
      const [path = '', heading] = link.split('#');
      const file = join(folder, path === '' ? document : join(dirname(document), path));
      if (!file.startsWith(folder) || !existsSync(file)) return true;
      return heading !== undefined && !headingsOf(readFileSync(file, 'utf8')).includes(heading);
    })
    .map((link) => `${document}: ${link}`);
}

function linksOf(markdown: string): string[] {
  const text = withoutCode(markdown);
  const inMarkdown = [...text.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)];
  const references = [...text.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)];
  const inHtml = [...text.matchAll(/\b(?:href|src|srcset)="([^"]+)"/g)];
  return [...inMarkdown, ...references, ...inHtml].map(([, link]) => link!);
}

/** As GitHub and npm name them: the second of the same name ends in -1. */
function headingsOf(markdown: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutFences(markdown).matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, title]) => {
    const name = title!
      .toLowerCase()
      .replace(/\]\([^)]*\)/g, '')
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return count === 0 ? name : `${name}-${count}`;
  });
}

function withoutCode(markdown: string): string {
  return withoutFences(markdown).replace(/`[^`\n]+`/g, '');
}

function withoutFences(markdown: string): string {
  return markdown.replace(/^( *)(```+|~~~+)[\s\S]*?^\1\2/gm, '');
}
